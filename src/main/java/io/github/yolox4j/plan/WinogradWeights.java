package io.github.yolox4j.plan;

/** Transforms 3x3 kernels for Winograd's F(4x4, 3x3), in double precision: U = G g G^T. */
final class WinogradWeights {

  private static final double[][] G = {
    {1.0 / 4, 0, 0},
    {-1.0 / 6, -1.0 / 6, -1.0 / 6},
    {-1.0 / 6, 1.0 / 6, -1.0 / 6},
    {1.0 / 24, 1.0 / 12, 1.0 / 6},
    {1.0 / 24, -1.0 / 12, 1.0 / 6},
    {0, 0, 1}
  };

  private WinogradWeights() {}

  /**
   * Transforms kernels.
   *
   * @param kernels [outputs, inputs, 3, 3]
   * @param inputs the number of input channels
   * @return [36, inputs, outputs]
   */
  static float[] transform(float[] kernels, int inputs) {
    int outputs = kernels.length / (9 * inputs);
    float[] transformed = new float[Winograd.POINTS * inputs * outputs];
    double[] half = new double[18];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        int kernel = (o * inputs + i) * 9;
        for (int row = 0; row < 6; row++) {
          for (int column = 0; column < 3; column++) {
            half[row * 3 + column] =
                G[row][0] * kernels[kernel + column]
                    + G[row][1] * kernels[kernel + 3 + column]
                    + G[row][2] * kernels[kernel + 6 + column];
          }
        }
        for (int row = 0; row < 6; row++) {
          for (int column = 0; column < 6; column++) {
            double value =
                half[row * 3] * G[column][0]
                    + half[row * 3 + 1] * G[column][1]
                    + half[row * 3 + 2] * G[column][2];
            transformed[((row * 6 + column) * inputs + i) * outputs + o] = (float) value;
          }
        }
      }
    }
    return transformed;
  }
}
