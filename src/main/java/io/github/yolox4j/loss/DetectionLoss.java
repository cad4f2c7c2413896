package io.github.yolox4j.loss;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The training loss of YOLOX (arXiv 2107.08430, section 2): anchor points are given to objects;
 * boxes and classes are compared at these, objectness at all anchor points. Safe for use by many
 * threads.
 */
public final class DetectionLoss {

  private static final double BOX_WEIGHT = 5;

  private static final long SUM = 2;

  private final Assigner assigner;
  private final BoxLoss boxLoss;
  private final LossNormalizer normalizer;

  DetectionLoss(Assigner assigner, BoxLoss boxLoss, LossNormalizer normalizer) {
    this.assigner = assigner;
    this.boxLoss = boxLoss;
    this.normalizer = normalizer;
  }

  /**
   * Makes the loss for a device.
   *
   * @param rule which anchor points are given to which objects
   * @param boxLoss how boxes are compared
   * @param normalizer by what the sums are divided
   * @param device where the network computes; on a GPU the host never waits for it, and an
   *     assignment for which its memory is too small is repeated on the CPU
   * @param notices is told once when that happens
   * @return the loss
   */
  public static DetectionLoss of(
      AssignmentRule rule,
      BoxLoss boxLoss,
      LossNormalizer normalizer,
      ComputeDevice device,
      Consumer<String> notices) {
    Assigner assigner = rule.assigner();
    return new DetectionLoss(
        device.cuda() ? new ProcessorFallback(assigner, device, notices) : assigner,
        boxLoss,
        normalizer);
  }

  /**
   * Computes the losses of a batch.
   *
   * @param levels the network's output in training mode, for strides 8, 16, 32
   * @param labels the objects, boxes in pixels of the network's input
   * @param l1 whether the L1 loss of the boxes is added
   * @return the losses, owned by the caller
   * @throws io.github.yolox4j.YoloxException if an object has a class that the network does not
   *     know, or the predictions where objects are are not finite; the message names the pictures.
   *     On a GPU the losses are not finite instead
   */
  public Losses of(List<LevelOutput> levels, Labels labels, boolean l1) {
    try (var _ = new Scope()) {
      GridPredictions predictions = GridPredictions.of(levels);
      Targets targets = Targets.of(labels, predictions);
      Assignment positives = assigner.assign(predictions, targets);
      Losses losses =
          new Positives(predictions, targets, positives, normalizer).losses(boxLoss, l1);
      losses.total().retainReference();
      losses.parts().retainReference();
      return losses;
    }
  }

  /** The positives of a batch with what they should predict; tensors of the innermost scope. */
  private record Positives(
      GridPredictions predictions,
      Tensor rows,
      Assignment assignment,
      Tensor count,
      Tensor divisor,
      int objects) {

    Positives(
        GridPredictions predictions,
        Targets targets,
        Assignment assignment,
        LossNormalizer normalizer) {
      Tensor like = predictions.raw();
      Tensor count = assignment.weight().sum();
      this(
          predictions,
          targets
              .rows()
              .reshape(-1, targets.rows().size(2))
              .to(Tensors.type(like))
              .index_select(0, assignment.row()),
          assignment,
          LossNormalizer.atLeastOne(count),
          normalizer.divisor(count),
          targets.labels().total());
    }

    Losses losses(BoxLoss boxLoss, boolean l1) {
      Tensor box = box(boxLoss).mul(new Scalar(BOX_WEIGHT));
      Tensor objectness = objectness();
      Tensor classes = classes();
      Tensor offsets = l1 ? l1() : torch.zeros_like(objectness);
      Tensor total = box.add(objectness).add(classes);
      total = l1 ? total.add(offsets) : total;
      try (NoGradGuard _ = new NoGradGuard()) {
        Tensor perObject = count.div(new Scalar(Math.max(objects, 1.0)));
        TensorVector parts = new TensorVector(total, box, offsets, objectness, classes, perObject);
        return new Losses(total, torch.stack(parts));
      }
    }

    /** What a tensor [B, A, C] has at the positives. */
    private Tensor at(Tensor all) {
      return all.reshape(-1, all.size(2)).index_select(0, assignment.anchor());
    }

    private Tensor mean(Tensor perPositive) {
      return perPositive.mul(assignment.weight()).sum().div(divisor);
    }

    private Tensor box(BoxLoss boxLoss) {
      return mean(boxLoss.of(at(predictions.boxes()), rows.narrow(1, 1, 4)));
    }

    private Tensor objectness() {
      Tensor logits = predictions.objectness().reshape(-1);
      Tensor target =
          torch.zeros_like(logits).index_add_(0, assignment.anchor(), assignment.weight());
      return torch.binary_cross_entropy_with_logits(logits, target, null, null, SUM).div(divisor);
    }

    private Tensor classes() {
      Tensor logits = at(predictions.classes());
      Tensor ids = rows.narrow(1, 0, 1).to(ScalarType.Long);
      Tensor target = torch.zeros_like(logits).scatter_(1, ids, assignment.iou().unsqueeze(1));
      Tensor weight = assignment.weight().unsqueeze(1).expand_as(logits);
      return torch
          .binary_cross_entropy_with_logits(logits, target, new TensorOptional(weight), null, SUM)
          .div(divisor);
    }

    private Tensor l1() {
      Tensor target = predictions.encode(rows.narrow(1, 1, 4), assignment.anchor());
      return mean(at(predictions.raw()).sub(target).abs().sum(1));
    }
  }
}
