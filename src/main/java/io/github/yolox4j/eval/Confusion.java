package io.github.yolox4j.eval;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;

/** Counts a {@link ConfusionMatrix}. */
final class Confusion {

  private final Detections detections;
  private final GroundTruth truth;
  private final ClassMatching matching;
  private final double threshold;
  private final int background;
  private final int[] counts;

  private Confusion(Detections detections, ClassMatching matching, double threshold) {
    this.detections = detections;
    this.matching = matching;
    this.threshold = threshold;
    truth = detections.groundTruth();
    background = truth.categories().size();
    counts = new int[Math.multiplyExact(background + 1, background + 1)];
  }

  static ConfusionMatrix count(Detections detections, ClassMatching matching, double threshold) {
    Confusion confusion = new Confusion(detections, matching, threshold);
    for (int image = 0; image < confusion.truth.images().size(); image++) {
      confusion.add(image);
    }
    return new ConfusionMatrix(confusion.background, confusion.counts);
  }

  private void add(int image) {
    int first = truth.firstAnnotation(image);
    boolean[] taken = new boolean[truth.firstAnnotation(image + 1) - first];
    for (int detection : matching.ofImage(image)) {
      if (detections.score(detection) < threshold) {
        break;
      }
      int category = detections.category(detection);
      int best = best(detection, first, taken);
      if (best != ClassMatching.NONE) {
        taken[best - first] = true;
        count(truth.category(best), category);
      } else if (!matching.ignored(detection)) {
        count(background, category);
      }
    }
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i] && !truth.ignored(first + i)) {
        count(truth.category(first + i), background);
      }
    }
  }

  private int best(int detection, int first, boolean[] taken) {
    BoundingBox box = detections.box(detection);
    int best = ClassMatching.NONE;
    double most = 0;
    boolean sameClass = false;
    for (int i = 0; i < taken.length; i++) {
      int object = first + i;
      if (taken[i] || truth.ignored(object)) {
        continue;
      }
      double iou = BoxIou.of(box, truth, object);
      boolean same = truth.category(object) == detections.category(detection);
      if (iou >= ErrorKind.FOREGROUND && (iou > most || (iou == most && same && !sameClass))) {
        best = object;
        most = iou;
        sameClass = same;
      }
    }
    return best;
  }

  private void count(int row, int column) {
    counts[row * (background + 1) + column]++;
  }
}
