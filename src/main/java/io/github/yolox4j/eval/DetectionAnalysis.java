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
 */
public final class DetectionAnalysis {

  /** How many mistakes of each sort are listed. */
  public static final int WORST = 24;

  private final Detections detections;
  private final ScoreCurve overall;
  private final List<ScoreCurve> curves;
  private final ConfusionMatrix confusion;
  private final ErrorBreakdown errors;

  private DetectionAnalysis(Detections detections, int worst) {
    this.detections = detections;
    GroundTruth truth = detections.groundTruth();
    int classes = truth.categories().size();
    ClassMatching matching = new ClassMatching(detections);
    int[] objects = new int[classes];
    for (int i = 0; i < truth.size(); i++) {
      objects[truth.category(i)] += truth.ignored(i) ? 0 : 1;
    }
    int[] byScore = matching.byScore();
    overall = ScoreCurve.of(Arrays.stream(objects).sum(), byScore, 0, byScore.length, matching);
    int[] categories = detections.categories();
    int[] byClass = CountingSort.by(categories, classes, byScore);
    int[] starts = ClassMatching.starts(categories, classes);
    curves =
        IntStream.range(0, classes)
            .parallel()
            .mapToObj(k -> ScoreCurve.of(objects[k], byClass, starts[k], starts[k + 1], matching))
            .toList();
    confusion = Confusion.count(detections, matching, threshold());
    errors = new ErrorBreakdown(detections, matching, threshold(), worst);
  }

  /**
   * Analyses detections and lists the {@value #WORST} worst mistakes of each sort.
   *
   * @param detections the detections, not changed
   * @return the analysis
   */
  public static DetectionAnalysis of(Detections detections) {
    return of(detections, WORST);
  }

  /**
   * Analyses detections.
   *
   * @param detections the detections, not changed
   * @param worst how many false positives and how many misses to list at most
   * @return the analysis
   */
  public static DetectionAnalysis of(Detections detections, int worst) {
    return new DetectionAnalysis(detections, worst);
  }

  /**
   * Returns what was analysed.
   *
   * @return the detections
   */
  public Detections detections() {
    return detections;
  }

  /**
   * Returns what the detections were compared with.
   *
   * @return the ground truth
   */
  public GroundTruth groundTruth() {
    return detections.groundTruth();
  }

  /**
   * Returns the curve of all classes taken together.
   *
   * @return the curve
   */
  public ScoreCurve overall() {
    return overall;
  }

  /**
   * Returns a class's curve.
   *
   * @param category an index among the ground truth's categories
   * @return the curve
   */
  public ScoreCurve curve(int category) {
    return curves.get(category);
  }

  /**
   * Returns the score threshold of the highest F1 of all classes taken together.
   *
   * @return the threshold at which confusion and errors are counted; 1 if there is no detection
   */
  public double threshold() {
    return overall.bestThreshold();
  }

  /**
   * Returns which classes are taken for which, at the {@link #threshold}. By descending score, each
   * detection takes the free object of whatever class that it overlaps most, by at least 0.5; among
   * equals one of its own class.
   *
   * @return the counts
   */
  public ConfusionMatrix confusion() {
    return confusion;
  }

  /**
   * Returns how many detections, or missed objects, of a kind there are at the {@link #threshold}.
   *
   * @param kind the kind
   * @return at least 0
   */
  public int count(ErrorKind kind) {
    return errors.count(kind);
  }

  /**
   * Returns how many detections, or missed objects, of a kind and a class there are at the {@link
   * #threshold}.
   *
   * @param kind the kind
   * @param category an index among the ground truth's categories: the detections' or the objects'
   * @return at least 0
   */
  public int count(ErrorKind kind, int category) {
    return errors.count(kind, category);
  }

  /**
   * Returns the wrong detections of the highest scores, at the {@link #threshold}.
   *
   * @return by descending score
   */
  public List<Mistake> worstFalsePositives() {
    return errors.worstFalsePositives();
  }

  /**
   * Returns the largest of the objects that are {@link ErrorKind#MISSED} at the {@link #threshold}.
   *
   * @return by descending area
   */
  public List<Mistake> worstMisses() {
    return errors.worstMisses();
  }
}
