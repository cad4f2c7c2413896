package io.github.yolox4j.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which candidates of b pictures are given to objects, and to which: SimOTA's choice.
 *
 * @param taken [b, C]: whether a candidate is given to an object
 * @param owner [b, C]: that object, counted within its picture
 */
record CheapestPairs(Tensor taken, Tensor owner) {

  /** How many of an object's largest IoUs say how many candidates it gets. */
  static final int MOST_POSITIVES = 10;

  /**
   * Chooses; the tensors belong to the innermost open scope.
   *
   * @param cost [b, G, C], infinite for pairs that do not come into question
   * @param iou [b, G, C], 0 for these
   */
  static CheapestPairs of(Tensor cost, Tensor iou) {
    long slots = Math.min(MOST_POSITIVES, cost.size(2));
    Tensor k =
        summed(iou.topk(slots, 2, true, true).get0())
            .to(ScalarType.Long)
            .clamp_(scalarOptional(1), scalarOptional(slots)); // [b, G, 1]
    Tensor dearest = cost.topk(slots, 2, false, true).get0().gather(2, k.sub(new Scalar(1L)));
    Tensor cheaper = cost.lt(dearest);
    Tensor equal = cost.eq(dearest).logical_and_(cost.isfinite());
    Tensor left = k.sub(summed(cheaper)); // the first ones of equal cost
    Tensor chosen = equal.logical_and(equal.cumsum(2).le(left)).logical_or_(cheaper);
    Tensor claims = chosen.sum(1);
    Tensor owner =
        torch.where(
            claims.gt(new Scalar(1L)), cost.min(1, false).get1(), chosen.max(1, false).get1());
    return new CheapestPairs(claims.gt(new Scalar(0L)), owner);
  }

  private static Tensor summed(Tensor perCandidate) {
    return perCandidate.sum(new long[] {2}, true, new ScalarTypeOptional());
  }

  private static ScalarOptional scalarOptional(long value) {
    return new ScalarOptional(new Scalar(value));
  }

  /**
   * Where in [b * C] the candidates are that are taken. On a GPU, which would have to be waited for
   * to know their number, others fill up to the most that can be.
   *
   * @param objects the most objects of a picture
   */
  Tensor entries(long objects) {
    if (!taken.is_cuda()) {
      return taken.reshape(-1).nonzero().squeeze(1);
    }
    long count = taken.size(1);
    long most = Math.min(count, objects * MOST_POSITIVES);
    Tensor places = taken.to(ScalarType.Byte).topk(most, 1, true, false).get1();
    Tensor offsets =
        torch
            .arange(new Scalar(taken.size(0)), places.options())
            .mul(new Scalar(count))
            .unsqueeze(1);
    return places.add(offsets).reshape(-1);
  }
}
