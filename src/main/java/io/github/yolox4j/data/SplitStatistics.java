package io.github.yolox4j.data;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a split consists of.
 *
 * @param split its name
 * @param images how many images
 * @param objects how many objects, the ignored ones too
 * @param widths of the images that could be read, in pixels
 * @param heights of the images that could be read, in pixels
 * @param bySize the objects that are not ignored, by their area
 * @param byClass the objects by the names of their classes, in the classes' order
 */
public record SplitStatistics(
    String split,
    int images,
    int objects,
    Spread widths,
    Spread heights,
    Map<AreaRange, Long> bySize,
    Map<String, Long> byClass) {

  /**
   * Least, middle and greatest of some numbers, all 0 of none.
   *
   * @param least the least
   * @param median the middle one, the upper of two
   * @param most the greatest
   */
  public record Spread(int least, int median, int most) {

    static Spread of(int[] numbers) {
      if (numbers.length == 0) {
        return new Spread(0, 0, 0);
      }
      int[] sorted = numbers.clone();
      Arrays.sort(sorted);
      return new Spread(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
      return "%d to %d, median %d".formatted(least, most, median);
    }
  }

  /** Counts; an object on the bound of two ranges counts as the smaller. */
  static SplitStatistics of(String split, GroundTruth truth, int[] widths, int[] heights) {
    Map<AreaRange, Long> bySize = new EnumMap<>(AreaRange.class);
    List<AreaRange> ranges = List.of(AreaRange.SMALL, AreaRange.MEDIUM, AreaRange.LARGE);
    ranges.forEach(range -> bySize.put(range, 0L));
    Map<String, Long> byClass = new LinkedHashMap<>();
    truth.categories().forEach(category -> byClass.put(category.name(), 0L));
    for (int i = 0; i < truth.size(); i++) {
      int object = i;
      ranges.stream()
          .filter(range -> range.counts(truth, object))
          .findFirst()
          .ifPresent(range -> bySize.merge(range, 1L, Long::sum));
      byClass.merge(truth.categories().get(truth.category(i)).name(), 1L, Long::sum);
    }
    return new SplitStatistics(
        split,
        truth.images().size(),
        truth.size(),
        Spread.of(widths),
        Spread.of(heights),
        bySize,
        byClass);
  }
}
