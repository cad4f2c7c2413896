package io.github.yolox4j.eval;

import io.github.yolox4j.data.AreaRange;
import io.github.yolox4j.data.GroundTruth;
import java.util.Arrays;

/**
 * Which detection found which object at IoU 0.5, objects of every size taken together. Immutable,
 * safe for any number of threads.
 */
public final class MatchedDetections {

  /** What became of a detection. */
  public enum Verdict {
    /** It found an object. */
    RIGHT,
    /** It found none, or one that a detection of a higher score had found. */
    WRONG,
    /** It matches an object that is left out of account, such as a crowd. */
    IGNORED,
    /** The image has a hundred detections of the category with higher scores. */
    BEYOND_LIMIT
  }

  private final GroundTruth truth;
  private final int[] objects;
  private final int[] detections;

  /** Takes the object of each detection, or what {@link CocoMatching} has in its place. */
  MatchedDetections(GroundTruth truth, int[] objects) {
    this.truth = truth;
    this.objects = objects;
    detections = new int[truth.size()];
    Arrays.fill(detections, -1);
    for (int i = 0; i < objects.length; i++) {
      if (objects[i] >= 0 && !truth.crowd(objects[i])) {
        detections[objects[i]] = i;
      }
    }
  }

  /**
   * {@return what became of a detection}
   *
   * @param detection an index among the detections
   */
  public Verdict verdict(int detection) {
    int object = objects[detection];
    return switch (object) {
      case CocoMatching.NOT_RANKED -> Verdict.BEYOND_LIMIT;
      case CocoMatching.UNMATCHED -> Verdict.WRONG;
      default -> AreaRange.ALL.counts(truth, object) ? Verdict.RIGHT : Verdict.IGNORED;
    };
  }

  /**
   * {@return the object that a detection matches, an index among the annotations; -1 if it matches
   * none}
   *
   * @param detection an index among the detections
   */
  public int object(int detection) {
    return Math.max(objects[detection], -1);
  }

  /**
   * {@return the detection that found an object, an index among the detections; -1 if it was missed
   * or is a crowd}
   *
   * @param annotation an index among the annotations
   */
  public int detection(int annotation) {
    return detections[annotation];
  }
}
