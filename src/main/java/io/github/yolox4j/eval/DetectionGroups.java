package io.github.yolox4j.eval;

import io.github.yolox4j.data.CountingSort;
import io.github.yolox4j.data.GroundTruth;
import java.util.stream.IntStream;

/**
 * Detections ordered by category, then image, then descending score: a group is what one image has
 * of one category. A place is a position in that order.
 */
final class DetectionGroups {

  private final Detections detections;
  private final int[] order;
  private final int[] groupStarts;
  private final int[] categoryStarts;
  private final double[] scores;

  DetectionGroups(Detections detections) {
    this.detections = detections;
    int[] images = detections.images();
    int[] categories = detections.categories();
    GroundTruth truth = detections.groundTruth();
    int[] byImage =
        CountingSort.by(images, truth.images().size(), IntStream.range(0, images.length).toArray());
    order = CountingSort.by(categories, truth.categories().size(), byImage);
    categoryStarts = CountingSort.starts(categories, truth.categories().size());
    IntStream.Builder starts = IntStream.builder();
    for (int place = 0; place < order.length; place++) {
      boolean first =
          place == 0
              || images[order[place]] != images[order[place - 1]]
              || categories[order[place]] != categories[order[place - 1]];
      if (first) {
        starts.add(place);
      }
    }
    starts.add(order.length);
    groupStarts = starts.build().toArray();
    double[] byDetection = detections.scores();
    IntStream.range(0, count())
        .parallel()
        .forEach(group -> ScoreOrder.sort(order, start(group), start(group + 1), byDetection));
    scores = new double[order.length];
    for (int place = 0; place < order.length; place++) {
      scores[place] = byDetection[order[place]];
    }
  }

  int count() {
    return groupStarts.length - 1;
  }

  /** The first place of a group, or behind the last group the number of places. */
  int start(int group) {
    return groupStarts[group];
  }

  int places() {
    return order.length;
  }

  int detection(int place) {
    return order[place];
  }

  /** The scores by place. */
  double[] scores() {
    return scores;
  }

  int image(int group) {
    return detections.image(order[groupStarts[group]]);
  }

  int category(int group) {
    return detections.category(order[groupStarts[group]]);
  }

  /** The first place of a category, or behind the last category the number of places. */
  int categoryStart(int category) {
    return categoryStarts[category];
  }
}
