package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * SimOTA (arXiv 2107.08430, section 2.1): each object gets its k cheapest candidates, k being the
 * sum of its ten largest IoUs; an anchor point that several objects claim goes to the one for which
 * it is cheapest. Equal costs: the lower anchor point, the lower object.
 *
 * @param radius below which distance, on both axes and in strides, an anchor point is near an
 *     object's centre
 * @param penalty what is added to the cost of a pair of object and anchor point that is not
 *     preferred: more than any preferred pair costs with up to 900 classes
 * @param looksAtBoxes whether it matters, too, that an anchor point is inside an object's box
 */
record SimOta(double radius, double penalty, boolean looksAtBoxes) implements Assigner {

  /** What stays in a core's cache, in 64-bit numbers. */
  private static final long PROCESSOR_BUDGET = 1L << 17;

  /** 128 MiB in 64-bit numbers. */
  private static final long GPU_BUDGET = 1L << 24;

  /** The reference's since January 2023. */
  static final SimOta HEAD = new SimOta(1.5, 1e6, false);

  /** That of the reference's releases up to 0.3.0. */
  static final SimOta LEGACY = new SimOta(2.5, 1e5, true);

  @Override
  public Assignment assign(GridPredictions predictions, Targets targets) {
    boolean gpu = predictions.raw().is_cuda();
    return assign(predictions, targets, gpu ? GPU_BUDGET : PROCESSOR_BUDGET);
  }

  /**
   * Assigns in as many pictures at once as a budget allows, but in at least one.
   *
   * @param budget how many numbers a tensor over pairs, or over candidates and classes, may have
   */
  Assignment assign(GridPredictions predictions, Targets targets, long budget) {
    Labels labels = targets.labels();
    int[][] candidates = new int[labels.pictures()][];
    for (int b = 0; b < candidates.length; b++) {
      candidates[b] = CandidateAnchors.of(this, predictions.cells(), labels, b);
    }
    List<Assignment> parts = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    int first = 0;
    while (first < candidates.length) {
      long perCandidate = Math.max(predictions.classes().size(2), targets.most());
      int end = end(candidates, first, budget / perCandidate);
      int[][] some = Arrays.copyOfRange(candidates, first, end);
      if (most(some) > 0) {
        try (Scope scope = new Scope(); // what a part takes is free for the next one
            NoGradGuard _ = new NoGradGuard()) {
          SimOtaPart part = new SimOtaPart(this, predictions, targets, first, some);
          broken.addAll(part.broken(labels));
          parts.add(part.assign().outliving(scope));
        }
      }
      first = end;
    }
    if (!broken.isEmpty()) {
      throw new YoloxException(
          "The network predicts NaN or infinity for %s".formatted(String.join(", ", broken)));
    }
    return parts.isEmpty() ? Assignment.none(predictions.raw()) : Assignment.of(parts);
  }

  /** Where the pictures end that are worked on together with a first one. */
  private static int end(int[][] candidates, int first, long mostTogether) {
    int most = candidates[first].length;
    int end = first + 1;
    while (end < candidates.length) {
      most = Math.max(most, candidates[end].length);
      if ((end + 1L - first) * most > mostTogether) {
        break;
      }
      end++;
    }
    return end;
  }

  private static int most(int[][] candidates) {
    return Arrays.stream(candidates).mapToInt(each -> each.length).max().orElse(0);
  }
}
