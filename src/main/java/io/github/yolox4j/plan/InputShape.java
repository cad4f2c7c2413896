package io.github.yolox4j.plan;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.ModelSpec;

/**
 * What a plan is made for.
 *
 * @param batch the number of pictures, at least 1
 * @param height the pictures' height, a multiple of 32
 * @param width the pictures' width, a multiple of 32
 */
public record InputShape(int batch, int height, int width) {

  /** Checks the sides. */
  public InputShape {
    if (batch < 1
        || height < 1
        || width < 1
        || height % ModelSpec.MAX_STRIDE != 0
        || width % ModelSpec.MAX_STRIDE != 0) {
      throw new YoloxException(
          "%d pictures of %dx%d; expected at least one, with sides that are multiples of %d"
              .formatted(batch, width, height, ModelSpec.MAX_STRIDE));
    }
  }

  /** Rows of a map of all pictures. */
  long rows(int stride) {
    return (long) batch * (height / stride);
  }

  /** Pixels of a map of all pictures. */
  long pixels(int stride) {
    return rows(stride) * (width / stride);
  }
}
