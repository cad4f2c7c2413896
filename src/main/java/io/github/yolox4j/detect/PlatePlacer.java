package io.github.yolox4j.detect;

import java.util.ArrayList;
import java.util.List;

/** Finds places for label plates at their boxes, so that no plate covers another if that can be. */
final class PlatePlacer {

  /** How many plates one box stacks before it gives up. */
  private static final int MAX_ROWS = 6;

  private final Area picture;
  private final List<Area> taken = new ArrayList<>();

  PlatePlacer(Area picture) {
    this.picture = picture;
  }

  /** Places a plate of a width and height at a box; the place is taken from then on. */
  Area place(Area box, int width, int height) {
    List<Area> places = places(box, width, height);
    Area place =
        places.stream()
            .filter(candidate -> taken.stream().noneMatch(candidate::overlaps))
            .findFirst()
            .orElse(places.getFirst());
    taken.add(place);
    return place;
  }

  /** The places that lie in the picture, the best first. */
  private List<Area> places(Area box, int width, int height) {
    int[] lefts = {box.left(), box.right() - width};
    var places = new ArrayList<Area>();
    for (int row = 0; row < MAX_ROWS; row++) {
      for (int left : lefts) {
        int inside = Math.clamp(left, 0, Math.max(0, picture.right() - width));
        for (int top :
            new int[] {
              box.top() - (row + 1) * height, box.top() + row * height, box.bottom() + row * height
            }) {
          if (top >= 0 && top + height <= picture.bottom()) {
            places.add(new Area(inside, top, inside + width, top + height));
          }
        }
      }
    }
    if (places.isEmpty()) {
      // the picture is lower than a plate
      places.add(new Area(0, 0, width, height));
    }
    return places;
  }
}
