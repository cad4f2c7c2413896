package io.github.yolox4j.model;

/**
 * How the four numbers that a head predicts for a cell stand for a box. The centre's two numbers
 * and the size's two may be given one by one or together.
 */
public interface BoxCoding {

  /** YOLOX: the centre's offset from the cell's corner in strides, the size's logarithm. */
  BoxCoding ANCHOR_FREE =
      new BoxCoding() {
        @Override
        public <T> T centre(Arithmetic<T> on, T offset, T cell, T stride) {
          return on.multiply(on.add(offset, cell), stride);
        }

        @Override
        public <T> T size(Arithmetic<T> on, T logarithm, T prior) {
          return on.multiply(on.exp(logarithm), prior);
        }

        @Override
        public <T> T centreValue(Arithmetic.Invertible<T> on, T centre, T cell, T stride) {
          return on.subtract(on.divide(centre, stride), cell);
        }

        @Override
        public <T> T sizeValue(Arithmetic.Invertible<T> on, T size, T prior) {
          return on.log(on.divide(size, prior));
        }
      };

  /**
   * Decodes a centre.
   *
   * @param <T> what stands for numbers
   * @param on its arithmetic
   * @param value what is predicted, x or y
   * @param cell the cell's column or row
   * @param stride picture pixels per cell
   * @return picture pixels
   */
  <T> T centre(Arithmetic<T> on, T value, T cell, T stride);

  /**
   * Decodes a size.
   *
   * @param <T> what stands for numbers
   * @param on its arithmetic
   * @param value what is predicted, of the width or the height
   * @param prior the prediction's prior width or height
   * @return picture pixels
   */
  <T> T size(Arithmetic<T> on, T value, T prior);

  /**
   * Encodes a centre: the inverse of {@link #centre}.
   *
   * @param <T> what stands for numbers
   * @param on its arithmetic
   * @param centre picture pixels, x or y
   * @param cell the cell's column or row
   * @param stride picture pixels per cell
   * @return what is to be predicted
   */
  <T> T centreValue(Arithmetic.Invertible<T> on, T centre, T cell, T stride);

  /**
   * Encodes a size: the inverse of {@link #size}.
   *
   * @param <T> what stands for numbers
   * @param on its arithmetic
   * @param size picture pixels, the width or the height
   * @param prior the prediction's prior width or height
   * @return what is to be predicted
   */
  <T> T sizeValue(Arithmetic.Invertible<T> on, T size, T prior);
}
