package io.github.yolox4j.data;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The classes of the synthetic data set. Each has a shape and a range of hues. */
enum SyntheticShape {
  DISC(1, 0, List.of(Outline.star(96, 1))),
  RING(2, 51, List.of(Outline.star(96, 1), Outline.star(96, 0.5))),
  SQUARE(3, 102, List.of(Outline.star(4, 1))),
  TRIANGLE(4, 153, List.of(Outline.star(3, 1))),
  STAR(5, 204, List.of(Outline.star(10, 1, 0.45)));

  private static final List<SyntheticShape> ALL = List.of(values());

  private final long categoryId;
  private final int hue;
  private final Outline outline;

  SyntheticShape(long categoryId, int hue, List<List<Outline.Vertex>> polygons) {
    this.categoryId = categoryId;
    this.hue = hue;
    this.outline = new Outline(polygons);
  }

  static SyntheticShape any(SplittableRandom random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  /** The number of the class, from 1 as in COCO. */
  long categoryId() {
    return categoryId;
  }

  /** The name of the class. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The middle of the class's hues, 0 to 255. */
  int hue() {
    return hue;
  }

  /** The shape within a circle of radius 1 around 0. */
  Outline outline() {
    return outline;
  }
}
