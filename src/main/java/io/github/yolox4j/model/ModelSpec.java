package io.github.yolox4j.model;

import io.github.yolox4j.Range;
import io.github.yolox4j.YoloxException;

/**
 * What defines a YOLOX network and the picture size it is meant for.
 *
 * @param name the model's name, for people
 * @param backbone the feature extractor; a Darknet has depth and width 1 and is not depthwise
 * @param depth factor of the number of bottlenecks, above 0 and up to 10
 * @param width factor of the channels, above 0 and up to 10; 64 * width must be a whole even number
 * @param depthwise whether the spatial convolutions are depthwise separable
 * @param activation the activation function
 * @param inputChannels the picture's channels, at least 1
 * @param classes the number of classes, at least 1
 * @param inputHeight the height that the model is trained and tested at, a multiple of 32
 * @param inputWidth the width that the model is trained and tested at, a multiple of 32
 */
public record ModelSpec(
    String name,
    Backbone backbone,
    double depth,
    double width,
    boolean depthwise,
    Activation activation,
    int inputChannels,
    int classes,
    int inputHeight,
    int inputWidth) {

  /** The coarsest stride: picture sizes are multiples of it. */
  public static final int MAX_STRIDE = 32;

  /** The largest side of a picture that a network reads. */
  public static final int MAX_SIDE = 8192;

  private static final double MAX_FACTOR = 10;
  private static final int MAX_CLASSES = 100_000;
  private static final int MAX_CHANNELS = 1024;

  /** Checks every field. */
  public ModelSpec {
    if (name == null || name.isBlank()) {
      throw new YoloxException("name is empty; expected the model's name");
    }
    requireFactor("depth", depth);
    requireFactor("width", width);
    if (backbone == Backbone.CSP_DARKNET) {
      double stem = 64 * width;
      if (stem != Math.rint(stem) || stem % 2 != 0) {
        throw new YoloxException(
            "width %s makes %s channels of 64; expected a factor that makes a whole even number"
                .formatted(width, stem));
      }
    } else if (depth != 1 || width != 1 || depthwise) {
      throw new YoloxException(
          "a Darknet backbone has depth 1, width 1 and is not depthwise;"
              + " found depth %s, width %s, depthwise %s".formatted(depth, width, depthwise));
    }
    Range.require("channels", inputChannels, 1, MAX_CHANNELS);
    Range.require("classes", classes, 1, MAX_CLASSES);
    requireSide("height", inputHeight);
    requireSide("width", inputWidth);
  }

  /**
   * {@return the same network for another number of classes}
   *
   * @param count the number of classes, at least 1
   */
  public ModelSpec withClasses(int count) {
    return new ModelSpec(
        name,
        backbone,
        depth,
        width,
        depthwise,
        activation,
        inputChannels,
        count,
        inputHeight,
        inputWidth);
  }

  /**
   * {@return the same network for pictures with another number of channels}
   *
   * @param count the number of channels, at least 1
   */
  public ModelSpec withInputChannels(int count) {
    return new ModelSpec(
        name,
        backbone,
        depth,
        width,
        depthwise,
        activation,
        count,
        classes,
        inputHeight,
        inputWidth);
  }

  /**
   * {@return the same network with another activation function}
   *
   * @param function the activation function
   */
  public ModelSpec withActivation(Activation function) {
    return new ModelSpec(
        name,
        backbone,
        depth,
        width,
        depthwise,
        function,
        inputChannels,
        classes,
        inputHeight,
        inputWidth);
  }

  /**
   * {@return the same network for another input size}
   *
   * @param height the input's height, a multiple of 32
   * @param width the input's width, a multiple of 32
   */
  public ModelSpec withInput(int height, int width) {
    return new ModelSpec(
        name,
        backbone,
        depth,
        this.width,
        depthwise,
        activation,
        inputChannels,
        classes,
        height,
        width);
  }

  /**
   * {@return the bottlenecks of a CSPLayer of the neck; the backbone's have this times 1 or 3, but
   * at least 1, 3 * depth, rounded half to even}
   */
  public int baseDepth() {
    return (int) Math.rint(3 * depth);
  }

  /**
   * Scales a number of channels.
   *
   * @param channels channels at width 1
   * @return int(channels * width)
   */
  public int scaled(int channels) {
    return (int) (channels * width);
  }

  private static void requireFactor(String field, double value) {
    if (!(value > 0 && value <= MAX_FACTOR)) {
      throw new YoloxException(
          "%s is %s; expected a number above 0 and up to %s".formatted(field, value, MAX_FACTOR));
    }
  }

  private static void requireSide(String field, int value) {
    if (value < MAX_STRIDE || value > MAX_SIDE || value % MAX_STRIDE != 0) {
      throw new YoloxException(
          "input %s is %d; expected a multiple of %d up to %d"
              .formatted(field, value, MAX_STRIDE, MAX_SIDE));
    }
  }
}
