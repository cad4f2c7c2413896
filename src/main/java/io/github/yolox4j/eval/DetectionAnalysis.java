package io.github.yolox4j.eval;

import io.github.yolox4j.data.CountingSort;
import io.github.yolox4j.data.GroundTruth;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Why a detector scores as it does: its curves over the score threshold, the threshold to work
 * with, and what goes wrong there. Everything is measured at IoU 0.5 and without a limit of
 * detections per image; objects that are ignored, and detections that match only such an object of
 * their class, are left out of account.
 *
 * <p>The threshold is the one that maximises the F1 of all classes taken together, in which every
 * object and every detection has the same weight, as in the counts of errors. Immutable, safe for
 * any number of threads, and the same for any number of threads that compute it.
 *
 * @param detections what was analysed
 * @param overall the curve of all classes taken together
 * @param curves those of the classes, by the ground truth's categories
 * @param confusion which classes are taken for which, at the {@link #threshold}: by descending
 *     score, each detection takes the free object of whatever class that it overlaps most, by at
 *     least 0.5; among equals one of its own class
 * @param errors what goes wrong, at the {@link #threshold}
 */
public record DetectionAnalysis(
    Detections detections,
    ScoreCurve overall,
    List<ScoreCurve> curves,
    ConfusionMatrix confusion,
    ErrorBreakdown errors) {

  /** How many mistakes of each sort are listed. */
  public static final int WORST = 24;

  /**
   * {@return an analysis of detections with the {@value #WORST} worst mistakes of each sort}
   *
   * @param detections the detections, not changed
   */
  public static DetectionAnalysis of(Detections detections) {
    return of(detections, WORST);
  }

  /**
   * {@return an analysis of detections}
   *
   * @param detections the detections, not changed
   * @param worst how many false positives and how many misses to list at most
   */
  public static DetectionAnalysis of(Detections detections, int worst) {
    GroundTruth truth = detections.groundTruth();
    int classes = truth.categories().size();
    ClassMatching matching = new ClassMatching(detections);
    int[] objects = detections.objects();
    int[] byScore = matching.byScore();
    ScoreCurve overall =
        ScoreCurve.of(Arrays.stream(objects).sum(), byScore, 0, byScore.length, matching);
    int[] categories = detections.categories();
    int[] byClass = CountingSort.by(categories, classes, byScore);
    int[] starts = CountingSort.starts(categories, classes);
    List<ScoreCurve> curves =
        IntStream.range(0, classes)
            .parallel()
            .mapToObj(k -> ScoreCurve.of(objects[k], byClass, starts[k], starts[k + 1], matching))
            .toList();
    double threshold = overall.bestThreshold();
    return new DetectionAnalysis(
        detections,
        overall,
        curves,
        new ConfusionMatrix(detections, matching, threshold),
        new ErrorBreakdown(detections, matching, threshold, worst));
  }

  /** {@return what the detections were compared with} */
  public GroundTruth groundTruth() {
    return detections.groundTruth();
  }

  /**
   * {@return the score threshold of the highest F1 of all classes taken together, at which
   * confusion and errors are counted; 1 if there is no detection}
   */
  public double threshold() {
    return overall.bestThreshold();
  }
}
