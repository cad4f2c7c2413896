package io.github.yolox4j.eval;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.CountingSort;
import io.github.yolox4j.data.GroundTruth;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which detection finds which object of its class at {@link ErrorKind#FOREGROUND}: by descending
 * score, each takes the free object that it overlaps most, and an ignored one only where no other
 * fits. What a detection takes does not depend on lower scores, so the outcome holds for every
 * score threshold. Images are matched on their own, so it holds for any number of threads too.
 */
final class ClassMatching {

  static final int NONE = -1;

  private final Detections detections;
  private final GroundTruth truth;
  private final int[] byScore;
  private final int[] byImage;
  private final int[] imageStarts;
  private final int[] objects;

  ClassMatching(Detections detections) {
    this.detections = detections;
    truth = detections.groundTruth();
    byScore = IntStream.range(0, detections.size()).toArray();
    ScoreOrder.sort(byScore, 0, byScore.length, detections.scores());
    byImage = CountingSort.by(detections.images(), truth.images().size(), byScore);
    imageStarts = CountingSort.starts(detections.images(), truth.images().size());
    objects = new int[byScore.length];
    IntStream.range(0, truth.images().size()).parallel().forEach(this::match);
  }

  private void match(int image) {
    int first = truth.firstAnnotation(image);
    boolean[] taken = new boolean[truth.firstAnnotation(image + 1) - first];
    for (int i = imageStarts[image]; i < imageStarts[image + 1]; i++) {
      int detection = byImage[i];
      int category = detections.category(detection);
      BoundingBox box = detections.box(detection);
      int best = NONE;
      int bestIgnored = NONE;
      double most = 0;
      double mostIgnored = 0;
      for (int j = 0; j < taken.length; j++) {
        int object = first + j;
        if (truth.category(object) != category || (taken[j] && !truth.crowd(object))) {
          continue;
        }
        double iou = BoxIou.of(box, truth, object);
        if (iou < ErrorKind.FOREGROUND) {
          continue;
        }
        if (truth.ignored(object)) {
          if (iou > mostIgnored) {
            bestIgnored = object;
            mostIgnored = iou;
          }
        } else if (iou > most) {
          best = object;
          most = iou;
        }
      }
      objects[detection] = best == NONE ? bestIgnored : best;
      if (objects[detection] != NONE) {
        taken[objects[detection] - first] = true;
      }
    }
  }

  double score(int detection) {
    return detections.score(detection);
  }

  /** The object that a detection takes, or {@link #NONE}. */
  int object(int detection) {
    return objects[detection];
  }

  boolean right(int detection) {
    return objects[detection] != NONE && !truth.ignored(objects[detection]);
  }

  /** Whether a detection is left out of account. */
  boolean ignored(int detection) {
    return objects[detection] != NONE && truth.ignored(objects[detection]);
  }

  /** The detections by descending score. */
  int[] byScore() {
    return byScore;
  }

  /** An image's detections by descending score. */
  int[] ofImage(int image) {
    return Arrays.copyOfRange(byImage, imageStarts[image], imageStarts[image + 1]);
  }
}
