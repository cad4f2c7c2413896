package io.github.yolox4j.augment;

import io.github.yolox4j.data.Labels;

/** Labels as the reference writes them. */
final class LabelRows {

  private LabelRows() {}

  /** Rows of class, centre x, centre y, width, height. */
  static float[] of(Labels labels) {
    float[] rows = new float[5 * labels.total()];
    for (int i = 0; i < labels.total(); i++) {
      rows[5 * i] = labels.classId(i);
      rows[5 * i + 1] = (float) labels.x(i);
      rows[5 * i + 2] = (float) labels.y(i);
      rows[5 * i + 3] = (float) labels.width(i);
      rows[5 * i + 4] = (float) labels.height(i);
    }
    return rows;
  }
}
