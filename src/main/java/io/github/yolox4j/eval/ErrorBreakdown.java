package io.github.yolox4j.eval;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What went wrong with every detection at a threshold, and with every object. Immutable, safe for
 * any number of threads.
 */
public final class ErrorBreakdown {

  private final Detections detections;
  private final GroundTruth truth;
  private final ClassMatching matching;
  private final double threshold;
  private final Map<ErrorKind, int[]> counts = new EnumMap<>(ErrorKind.class);
  private final List<Mistake> worstFalsePositives;
  private final List<Mistake> worstMisses;

  ErrorBreakdown(Detections detections, ClassMatching matching, double threshold, int worst) {
    this.detections = detections;
    this.matching = matching;
    this.threshold = threshold;
    truth = detections.groundTruth();
    for (ErrorKind kind : ErrorKind.values()) {
      counts.put(kind, new int[truth.categories().size()]);
    }
    // objects that a correct detection, or a classification or localisation error, stands for
    boolean[] accounted = new boolean[truth.size()];
    List<Mistake> falsePositives = new ArrayList<>();
    for (int detection : matching.byScore()) {
      if (detections.score(detection) < threshold) {
        break;
      }
      if (matching.ignored(detection)) {
        continue;
      }
      Nearest nearest = new Nearest(detection);
      ErrorKind kind = nearest.kind();
      counts.get(kind)[detections.category(detection)]++;
      int object = nearest.object(kind);
      switch (kind) {
        case CORRECT, CLASSIFICATION, LOCALISATION -> accounted[object] = true;
        case BOTH, DUPLICATE, BACKGROUND, MISSED -> {}
      }
      if (kind != ErrorKind.CORRECT && falsePositives.size() < worst) {
        falsePositives.add(mistake(kind, detection, object));
      }
    }
    worstFalsePositives = List.copyOf(falsePositives);
    int[] missed =
        IntStream.range(0, truth.size())
            .filter(object -> !accounted[object] && !truth.ignored(object))
            .toArray();
    for (int object : missed) {
      counts.get(ErrorKind.MISSED)[truth.category(object)]++;
    }
    worstMisses =
        IntStream.of(missed)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer object) -> -truth.area(object)))
            .limit(worst)
            .map(this::miss)
            .toList();
  }

  /** The objects that a detection overlaps most. */
  private final class Nearest {

    private final int detection;
    private int same = ClassMatching.NONE;
    private int other = ClassMatching.NONE;
    private double sameIou;
    private double otherIou;

    Nearest(int detection) {
      this.detection = detection;
      if (matching.right(detection)) {
        return;
      }
      int image = detections.image(detection);
      BoundingBox box = detections.box(detection);
      for (int i = truth.firstAnnotation(image); i < truth.firstAnnotation(image + 1); i++) {
        double iou = truth.ignored(i) ? 0 : BoxIou.of(box, truth, i);
        if (truth.category(i) == detections.category(detection)) {
          if (iou > sameIou) {
            sameIou = iou;
            same = i;
          }
        } else if (iou > otherIou) {
          otherIou = iou;
          other = i;
        }
      }
    }

    ErrorKind kind() {
      if (matching.right(detection)) {
        return ErrorKind.CORRECT;
      }
      if (sameIou >= ErrorKind.BACKGROUND_BELOW && sameIou < ErrorKind.FOREGROUND) {
        return ErrorKind.LOCALISATION;
      }
      if (otherIou >= ErrorKind.FOREGROUND) {
        return ErrorKind.CLASSIFICATION;
      }
      if (sameIou >= ErrorKind.FOREGROUND) {
        return ErrorKind.DUPLICATE;
      }
      return otherIou < ErrorKind.BACKGROUND_BELOW ? ErrorKind.BACKGROUND : ErrorKind.BOTH;
    }

    int object(ErrorKind kind) {
      return switch (kind) {
        case CORRECT -> matching.object(detection);
        case LOCALISATION, DUPLICATE -> same;
        case CLASSIFICATION, BOTH -> other;
        case BACKGROUND, MISSED -> ClassMatching.NONE;
      };
    }
  }

  private Mistake mistake(ErrorKind kind, int detection, int object) {
    return new Mistake(
        kind,
        detections.image(detection),
        detections.category(detection),
        detections.box(detection),
        detections.score(detection),
        object);
  }

  private Mistake miss(int object) {
    double score = 0;
    for (int detection : matching.ofImage(truth.image(object))) {
      if (detections.score(detection) < threshold
          && detections.category(detection) == truth.category(object)
          && BoxIou.of(detections.box(detection), truth, object) >= ErrorKind.FOREGROUND) {
        score = detections.score(detection);
        break;
      }
    }
    return new Mistake(
        ErrorKind.MISSED,
        truth.image(object),
        truth.category(object),
        truth.box(object),
        score,
        object);
  }

  /**
   * {@return how many detections, or missed objects, of a kind there are}
   *
   * @param kind the kind
   */
  public int count(ErrorKind kind) {
    return IntStream.of(counts.get(kind)).sum();
  }

  /**
   * {@return how many detections, or missed objects, of a kind and a class there are}
   *
   * @param kind the kind
   * @param category an index among the ground truth's categories: the detections' or the objects'
   */
  public int count(ErrorKind kind, int category) {
    return counts.get(kind)[category];
  }

  /** {@return the wrong detections of the highest scores, by descending score} */
  public List<Mistake> worstFalsePositives() {
    return worstFalsePositives;
  }

  /** {@return the largest of the objects that are {@link ErrorKind#MISSED}, by descending area} */
  public List<Mistake> worstMisses() {
    return worstMisses;
  }
}
