package io.github.yolox4j.augment;

/** A map of the plane: x' = m00 x + m01 y + m02, y' = m10 x + m11 y + m12. */
record Affine(double m00, double m01, double m02, double m10, double m11, double m12) {

  /** The map from a mosaic's canvas to a target of the given size. */
  static Affine of(RandomAffine.Draw draw, int width, int height) {
    double angle = Math.toRadians(draw.angle());
    double cosine = draw.scale() * Math.cos(angle);
    double sine = draw.scale() * Math.sin(angle);
    double shearX = Math.tan(Math.toRadians(draw.shearX()));
    double shearY = Math.tan(Math.toRadians(draw.shearY()));
    return new Affine(
        cosine - shearY * sine,
        sine + shearY * cosine,
        draw.translateX() * width,
        -sine + shearX * cosine,
        cosine + shearX * sine,
        draw.translateY() * height);
  }

  /** The six numbers, row by row. */
  double[] rows() {
    return new double[] {m00, m01, m02, m10, m11, m12};
  }

  double x(double sourceX, double sourceY) {
    return m00 * sourceX + m01 * sourceY + m02;
  }

  double y(double sourceX, double sourceY) {
    return m10 * sourceX + m11 * sourceY + m12;
  }

  Affine inverse() {
    double factor = 1 / (m00 * m11 - m01 * m10);
    double i00 = m11 * factor;
    double i01 = -m01 * factor;
    double i10 = -m10 * factor;
    double i11 = m00 * factor;
    return new Affine(i00, i01, -i00 * m02 - i01 * m12, i10, i11, -i10 * m02 - i11 * m12);
  }
}
