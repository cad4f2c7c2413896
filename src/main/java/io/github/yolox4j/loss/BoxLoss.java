package io.github.yolox4j.loss;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** How much a predicted box differs from its object's. */
public enum BoxLoss {
  /** 1 - IoU^2. */
  @JsonProperty("iou")
  IOU {
    @Override
    Tensor of(BoxOverlap overlap) {
      Tensor iou = overlap.iou();
      return iou.mul(iou).neg().add(new Scalar(1.0));
    }
  },
  /** 1 - generalised IoU (arXiv 1902.09630), which tells apart boxes that do not overlap. */
  @JsonProperty("giou")
  GIOU {
    @Override
    Tensor of(BoxOverlap overlap) {
      Tensor surplus =
          overlap
              .enclosing()
              .sub(overlap.union())
              .div(overlap.enclosing().clamp_min(new Scalar(BoxOverlap.EPSILON)));
      return overlap
          .iou()
          .sub(surplus)
          .clamp_min(new Scalar(-1.0))
          .clamp_max(new Scalar(1.0))
          .neg()
          .add(new Scalar(1.0));
    }
  };

  abstract Tensor of(BoxOverlap overlap);

  /**
   * Compares boxes (centre x, centre y, width, height) pair by pair. The tensors belong to the
   * innermost open scope.
   *
   * @param predicted [P, 4]
   * @param target [P, 4]
   * @return [P], from 0 to 1 for IoU and to 2 for generalised IoU
   */
  Tensor of(Tensor predicted, Tensor target) {
    return of(BoxOverlap.of(predicted, target));
  }
}
