package io.github.yolox4j.eval;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import java.util.Arrays;
import java.util.Objects;

/**
 * How often an object of one class was taken for another. Behind the classes comes the background:
 * as truth it stands for detections that found no object, as prediction for objects that no
 * detection found. Immutable, safe for any number of threads.
 */
public final class ConfusionMatrix {

  private final int classes;

  /** The rows one after the other. */
  private final int[] counts;

  /** Counts by the rule of {@link DetectionAnalysis}. */
  ConfusionMatrix(Detections detections, ClassMatching matching, double threshold) {
    classes = detections.groundTruth().categories().size();
    counts = new int[Math.multiplyExact(classes + 1, classes + 1)];
    for (int image = 0; image < detections.groundTruth().images().size(); image++) {
      add(image, detections, matching, threshold);
    }
  }

  private void add(int image, Detections detections, ClassMatching matching, double threshold) {
    GroundTruth truth = detections.groundTruth();
    int first = truth.firstAnnotation(image);
    boolean[] taken = new boolean[truth.firstAnnotation(image + 1) - first];
    for (int detection : matching.ofImage(image)) {
      if (detections.score(detection) < threshold) {
        break;
      }
      int category = detections.category(detection);
      int best = best(detections, detection, first, taken);
      if (best != ClassMatching.NONE) {
        taken[best - first] = true;
        counts[index(truth.category(best), category)]++;
      } else if (!matching.ignored(detection)) {
        counts[index(classes, category)]++;
      }
    }
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i] && !truth.ignored(first + i)) {
        counts[index(truth.category(first + i), classes)]++;
      }
    }
  }

  private static int best(Detections detections, int detection, int first, boolean[] taken) {
    GroundTruth truth = detections.groundTruth();
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

  private int index(int truth, int prediction) {
    return Objects.checkIndex(truth, classes + 1) * (classes + 1)
        + Objects.checkIndex(prediction, classes + 1);
  }

  /** {@return the index of the background: the number of classes} */
  public int background() {
    return classes;
  }

  /**
   * {@return how often one class was taken for another; 0 for background as background}
   *
   * @param truth a category's index, or {@link #background}
   * @param prediction a category's index, or {@link #background}
   */
  public int count(int truth, int prediction) {
    return counts[index(truth, prediction)];
  }

  /**
   * {@return a row's sum: how many objects of the class there are, or how many detections found no
   * object}
   *
   * @param truth a category's index, or {@link #background}
   */
  public int truths(int truth) {
    int from = index(truth, 0);
    return Arrays.stream(counts, from, from + classes + 1).sum();
  }
}
