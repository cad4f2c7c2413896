package io.github.yolox4j.model;

/**
 * The arithmetic of predictions, so that {@link BoxCoding} is written once for everything that
 * stands for numbers: floats of Java, tensors of libtorch, values of an ONNX graph, source text of
 * TorchScript. Operations are element by element.
 *
 * @param <T> what stands for numbers
 */
public interface Arithmetic<T> {

  /**
   * Adds.
   *
   * @param a a number
   * @param b another
   * @return a + b
   */
  T add(T a, T b);

  /**
   * Multiplies.
   *
   * @param a a number
   * @param b another
   * @return a * b
   */
  T multiply(T a, T b);

  /**
   * Raises e to a power.
   *
   * @param x the power
   * @return e^x
   */
  T exp(T x);

  /**
   * Turns a logit into a probability.
   *
   * @param x the logit
   * @return 1 / (1 + e^-x)
   */
  T sigmoid(T x);

  /**
   * Arithmetic that can go back, from boxes to what stands for them.
   *
   * @param <T> what stands for numbers
   */
  interface Invertible<T> extends Arithmetic<T> {

    /**
     * Subtracts.
     *
     * @param a a number
     * @param b another
     * @return a - b
     */
    T subtract(T a, T b);

    /**
     * Divides.
     *
     * @param a a number
     * @param b another
     * @return a / b
     */
    T divide(T a, T b);

    /**
     * Takes the natural logarithm.
     *
     * @param x at least 0
     * @return log(x), finite for 0 too
     */
    T log(T x);
  }

  /** 32-bit floats. */
  Arithmetic<Float> FLOATS =
      new Arithmetic<>() {
        @Override
        public Float add(Float a, Float b) {
          return a + b;
        }

        @Override
        public Float multiply(Float a, Float b) {
          return a * b;
        }

        @Override
        public Float exp(Float x) {
          return (float) Math.exp(x);
        }

        @Override
        public Float sigmoid(Float x) {
          return probability(x);
        }
      };

  /**
   * Turns a logit into a probability.
   *
   * @param logit the logit
   * @return 0 to 1
   */
  static float probability(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
