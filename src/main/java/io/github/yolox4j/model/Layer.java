package io.github.yolox4j.model;

import java.util.List;

/** A step of a network's forward pass, in the order in which the steps run. */
public sealed interface Layer {

  /** {@return the positions of the layers that are read, in {@link Network#layers()}} */
  List<Integer> inputs();

  /** {@return the channels of the result, at least 1} */
  int channels();

  /** {@return how many picture pixels a pixel of the result stands for: 1, 2, 4, 8, 16 or 32} */
  int stride();

  /**
   * A layer without weights that is one operator of libtorch: executors that know no better call it
   * by name.
   */
  sealed interface Operator extends Layer permits MaxPool, Upsample, Concat {}

  /**
   * What the network is given: the picture, BGR from 0 to 255.
   *
   * @param channels its channels
   * @param stride 1 for a picture
   */
  record Input(int channels, int stride) implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of();
    }
  }

  /**
   * What weights older than release 0.1.1 want of a picture: see {@link InputScaling#LEGACY}.
   *
   * @param input the layer read, which is the picture
   * @param channels its channels, three
   */
  record Standardise(int input, int channels) implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public int stride() {
      return 1;
    }
  }

  /**
   * Space to depth: the four pixels of a 2x2 square become channels, in the order top-left,
   * bottom-left, top-right, bottom-right.
   *
   * @param input the layer read
   * @param channels four times the input's
   */
  record SpaceToDepth(int input, int channels) implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public int stride() {
      return 2;
    }
  }

  /**
   * A convolution with what follows it.
   *
   * @param convolution the convolution
   * @param input the layer read
   * @param stride the result's stride
   */
  record Conv(Convolution convolution, int input, int stride) implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public int channels() {
      return convolution.outputChannels();
    }
  }

  /**
   * Max-pooling with stride 1 that keeps the size.
   *
   * @param kernel side of the window, odd
   * @param input the layer read
   * @param channels the input's channels
   * @param stride the input's stride
   */
  record MaxPool(int kernel, int input, int channels, int stride) implements Operator {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /**
   * Nearest-neighbour upsampling to twice the size.
   *
   * @param input the layer read
   * @param channels the input's channels
   * @param stride half the input's stride
   */
  record Upsample(int input, int channels, int stride) implements Operator {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /**
   * Concatenation along the channels.
   *
   * @param inputs the layers read, in order
   * @param channels the sum of their channels
   * @param stride their stride
   */
  record Concat(List<Integer> inputs, int channels, int stride) implements Operator {}

  /**
   * A residual sum.
   *
   * @param inputs the two layers read
   * @param channels their channels
   * @param stride their stride
   */
  record Add(List<Integer> inputs, int channels, int stride) implements Layer {}
}
