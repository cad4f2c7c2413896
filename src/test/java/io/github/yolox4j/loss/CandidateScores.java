package io.github.yolox4j.loss;

import io.github.yolox4j.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the network predicts at the candidates of a batch, on the Java side. The joint probability
 * is computed by libtorch in 32 bits, as the reference does; everything after it in 64.
 */
final class CandidateScores {

  /** So many factors of at least 2^-24 cannot leave the range of a double. */
  private static final int FACTORS = 32;

  private final double[] boxes;
  private final float[] probabilities;
  private final int classes;

  private CandidateScores(double[] boxes, float[] probabilities, int classes) {
    this.boxes = boxes;
    this.probabilities = probabilities;
    this.classes = classes;
  }

  static CandidateScores read(GridPredictions predictions, int[][] candidates, int total) {
    long[] flat = new long[total];
    int next = 0;
    for (int b = 0; b < candidates.length; b++) {
      long offset = (long) b * predictions.cells().size();
      for (int anchor : candidates[b]) {
        flat[next++] = offset + anchor;
      }
    }
    int classes = Math.toIntExact(predictions.classes().size(2));
    try (NoGradGuard _ = new NoGradGuard()) {
      Tensor index = Tensors.of(flat, total).to(predictions.raw().device(), ScalarType.Long);
      Tensor boxes = predictions.boxes().reshape(-1, 4).index_select(0, index);
      Tensor probability =
          joint(
              predictions.objectness().reshape(-1, 1).index_select(0, index),
              predictions.classes().reshape(-1, classes).index_select(0, index));
      return new CandidateScores(Tensors.toDoubles(boxes), Tensors.toFloats(probability), classes);
    }
  }

  /** sqrt(sigmoid(class) * sigmoid(objectness)) in 32 bits. */
  private static Tensor joint(Tensor objectness, Tensor classes) {
    Tensor object = objectness.to(ScalarType.Float).sigmoid();
    return classes.to(ScalarType.Float).sigmoid().mul(object).sqrt();
  }

  /** Whether the candidates from one place to another have finite boxes and probabilities. */
  boolean finite(int from, int to) {
    double sum = 0; // NaN and infinity survive a sum of numbers times zero
    for (int i = from * 4; i < to * 4; i++) {
      sum += boxes[i] * 0;
    }
    for (int i = from * classes; i < to * classes; i++) {
      sum += probabilities[i] * 0;
    }
    return sum == 0;
  }

  double x(int candidate) {
    return boxes[candidate * 4];
  }

  double y(int candidate) {
    return boxes[candidate * 4 + 1];
  }

  double width(int candidate) {
    return boxes[candidate * 4 + 2];
  }

  double height(int candidate) {
    return boxes[candidate * 4 + 3];
  }

  /** The cross-entropy that a candidate would have if it were of no class. */
  double negative(int candidate) {
    double logarithms = 0;
    int certain = 0;
    int end = (candidate + 1) * classes;
    for (int from = candidate * classes; from < end; from += FACTORS) {
      double product = 1;
      for (int i = from; i < Math.min(from + FACTORS, end); i++) {
        double without = 1.0 - probabilities[i];
        certain += without == 0 ? 1 : 0;
        product *= without == 0 ? 1 : without;
      }
      logarithms += Math.log(product);
    }
    return -logarithms - certain * SimOtaPart.LEAST_LOGARITHM;
  }

  /** What a candidate's cross-entropy changes by when it is of a class. */
  double positive(int candidate, int classId) {
    double probability = probabilities[candidate * classes + classId];
    return logarithm(1 - probability) - logarithm(probability);
  }

  private static double logarithm(double value) {
    return Math.max(Math.log(value), SimOtaPart.LEAST_LOGARITHM);
  }
}
