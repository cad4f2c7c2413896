package io.github.yolox4j.detect;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.model.ModelSpec;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * One way of looking at a picture.
 *
 * @param scale the input size's factor
 * @param mirrored whether left and right are exchanged
 */
record View(double scale, boolean mirrored) {

  static final View AS_IT_IS = new View(1, false);

  /** Only the picture as it is. */
  static final List<View> PLAIN = List.of(AS_IT_IS);

  /** Three sizes, each mirrored too. */
  static final List<View> ALL =
      DoubleStream.of(1, 0.83, 1.17)
          .boxed()
          .flatMap(scale -> Stream.of(new View(scale, false), new View(scale, true)))
          .toList();

  Letterbox letterbox(InputSize size) {
    return new Letterbox(scaled(size.height()), scaled(size.width()));
  }

  private int scaled(int side) {
    int strides = (int) Math.round(side * scale / ModelSpec.MAX_STRIDE);
    return Math.max(1, strides) * ModelSpec.MAX_STRIDE;
  }
}
