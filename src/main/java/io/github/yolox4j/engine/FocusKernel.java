package io.github.yolox4j.engine;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.weights.FoldedConvolution;

/**
 * The stem's convolution joined with the rearrangement of pixels before it: four 3x3 kernels, one
 * for each pixel of a 2x2 square, are one 6x6 kernel that steps by two.
 */
final class FocusKernel {

  private static final int SIDE = 3;

  private FocusKernel() {}

  /**
   * Joins kernel and rearrangement.
   *
   * @param folded a 3x3 convolution that reads what {@link
   *     io.github.yolox4j.model.Layer.SpaceToDepth} makes
   * @return one with the same outputs that reads the picture itself
   */
  static FoldedConvolution join(FoldedConvolution folded) {
    Convolution stem = folded.convolution();
    if (stem.kernel() != SIDE || stem.step() != 1 || stem.groups() != 1) {
      throw new IllegalArgumentException(stem + " is no 3x3 convolution of step 1");
    }
    int channels = stem.inputChannels() / 4;
    int side = 2 * SIDE;
    float[] kernel = new float[stem.outputChannels() * channels * side * side];
    int to = 0;
    for (int o = 0; o < stem.outputChannels(); o++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < side; y++) {
          for (int x = 0; x < side; x++) {
            int pixel = 2 * (x % 2) + y % 2; // top-left, bottom-left, top-right, bottom-right
            int plane = o * stem.inputChannels() + pixel * channels + c;
            kernel[to++] = folded.weight()[(plane * SIDE + y / 2) * SIDE + x / 2];
          }
        }
      }
    }
    Convolution joined =
        new Convolution(stem.key(), channels, stem.outputChannels(), side, 2, 1, stem.activation());
    return new FoldedConvolution(joined, kernel, folded.bias());
  }
}
