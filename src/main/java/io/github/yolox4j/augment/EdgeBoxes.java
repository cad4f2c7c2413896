package io.github.yolox4j.augment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.yolox4j.data.BoundingBox;

/** What becomes of a box that reaches out of its picture. */
public enum EdgeBoxes {
  /** It ends at the edges: what is seen of the object remains. */
  @JsonProperty("cut")
  CUT {
    @Override
    boolean keeps(BoundingBox box, int width, int height) {
      return box.width() >= 0
          && box.height() >= 0
          && box.x() <= width
          && box.y() <= height
          && box.right() >= 0
          && box.bottom() >= 0;
    }

    @Override
    Box within(BoundingBox box, int width, int height, int category) {
      return new Box(box.x(), box.y(), box.right(), box.bottom(), category).clipped(width, height);
    }
  },
  /**
   * One that begins left of its picture or above it is moved to the edge first, with its whole
   * width and height, as the official releases up to 0.3.0 train.
   */
  @JsonProperty("move")
  MOVE {
    @Override
    boolean keeps(BoundingBox box, int width, int height) {
      return box.x() <= width && box.y() <= height;
    }

    @Override
    Box within(BoundingBox box, int width, int height, int category) {
      double x = Math.max(0, box.x());
      double y = Math.max(0, box.y());
      double right = x + Math.max(0, box.width());
      double bottom = y + Math.max(0, box.height());
      return new Box(x, y, right, bottom, category).clipped(width, height);
    }
  };

  /** Whether anything of a box is left in a picture, be it a line. */
  abstract boolean keeps(BoundingBox box, int width, int height);

  /** A kept box as it is learned from. */
  abstract Box within(BoundingBox box, int width, int height, int category);
}
