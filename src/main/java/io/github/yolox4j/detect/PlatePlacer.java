package io.github.yolox4j.detect;

import io.github.yolox4j.image.PixelRect;
import java.util.ArrayList;
import java.util.List;

/** Finds places for label plates at their boxes, so that no plate covers another if that can be. */
final class PlatePlacer {

  /** How many plates one box stacks before it gives up. */
  private static final int MAX_ROWS = 6;

  private final PixelRect picture;
  private final List<PixelRect> taken = new ArrayList<>();

  PlatePlacer(PixelRect picture) {
    this.picture = picture;
  }

  /** Places a plate of a width and height at a box; the place is taken from then on. */
  PixelRect place(PixelRect box, int width, int height) {
    List<PixelRect> places = places(box, width, height);
    PixelRect place =
        places.stream()
            .filter(
                candidate ->
                    taken.stream().allMatch(other -> candidate.intersection(other).isEmpty()))
            .findFirst()
            .orElse(places.getFirst());
    taken.add(place);
    return place;
  }

  /** The places that lie in the picture, the best first. */
  private List<PixelRect> places(PixelRect box, int width, int height) {
    int[] lefts = {box.left(), box.right() - width};
    var places = new ArrayList<PixelRect>();
    for (int row = 0; row < MAX_ROWS; row++) {
      for (int left : lefts) {
        int inside = Math.clamp(left, 0, Math.max(0, picture.right() - width));
        for (int top :
            new int[] {
              box.top() - (row + 1) * height, box.top() + row * height, box.bottom() + row * height
            }) {
          if (top >= 0 && top + height <= picture.bottom()) {
            places.add(new PixelRect(inside, top, inside + width, top + height));
          }
        }
      }
    }
    if (places.isEmpty()) {
      // the picture is lower than a plate
      places.add(new PixelRect(0, 0, width, height));
    }
    return places;
  }
}
