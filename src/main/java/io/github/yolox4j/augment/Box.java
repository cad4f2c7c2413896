package io.github.yolox4j.augment;

/**
 * An object's box in a picture's pixels. Its right edge may lie left of its left one by nothing:
 * boxes without area live on until a sample's labels are written.
 */
record Box(double x1, double y1, double x2, double y2, int category) {

  Box scaled(double factor) {
    return new Box(x1 * factor, y1 * factor, x2 * factor, y2 * factor, category);
  }

  Box shifted(double dx, double dy) {
    return new Box(x1 + dx, y1 + dy, x2 + dx, y2 + dy, category);
  }

  /** Cuts off what lies outside a picture. */
  Box clipped(double width, double height) {
    return new Box(
        Math.clamp(x1, 0, width),
        Math.clamp(y1, 0, height),
        Math.clamp(x2, 0, width),
        Math.clamp(y2, 0, height),
        category);
  }

  /** Exchanges left and right in a picture. */
  Box mirrored(double width) {
    return new Box(width - x2, y1, width - x1, y2, category);
  }

  /** The bounds of the warped corners. */
  Box warped(Affine affine) {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (int corner = 0; corner < 4; corner++) {
      double cornerX = (corner & 1) == 0 ? x1 : x2;
      double cornerY = (corner & 2) == 0 ? y1 : y2;
      double x = affine.x(cornerX, cornerY);
      double y = affine.y(cornerX, cornerY);
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
    return new Box(left, top, right, bottom, category);
  }

  double width() {
    return x2 - x1;
  }

  double height() {
    return y2 - y1;
  }
}
