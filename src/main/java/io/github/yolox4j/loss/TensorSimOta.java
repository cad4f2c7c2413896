package io.github.yolox4j.loss;

import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * SimOTA as tensor operations over all images and objects at once. The host learns nothing from the
 * device, so a GPU never waits for it: which anchor points are candidates follows from the labels,
 * and surplus entries have the weight 0. Works in 64 bits, as {@link ArraySimOta} does, so that
 * both decide alike.
 */
final class TensorSimOta implements SimOta {

  /** How many numbers a tensor over pairs, or over candidates and classes, may have: 128 MiB. */
  static final long BUDGET = 1L << 24;

  private final AssignmentRule rule;
  private final long budget;

  TensorSimOta(AssignmentRule rule) {
    this(rule, BUDGET);
  }

  /** Works on as few images at once as a budget asks for, but at least on one. */
  TensorSimOta(AssignmentRule rule, long budget) {
    this.rule = rule;
    this.budget = budget;
  }

  @Override
  public Assignment assign(GridPredictions predictions, Targets targets) {
    List<Assignment> chunks = new ArrayList<>();
    try (NoGradGuard _ = new NoGradGuard()) {
      int[][] candidates = new int[targets.batch()][];
      for (int b = 0; b < candidates.length; b++) {
        candidates[b] = CandidateAnchors.of(rule, predictions.points(), targets, b);
      }
      long classes = predictions.classes().size(2);
      long perCandidate = Math.max(classes, targets.most());
      int first = 0;
      while (first < candidates.length) {
        int most = candidates[first].length;
        int end = first + 1;
        while (end < candidates.length) {
          int wider = Math.max(most, candidates[end].length);
          if ((end + 1L - first) * wider * perCandidate > budget) {
            break;
          }
          most = wider;
          end++;
        }
        if (most > 0) {
          int[][] some = Arrays.copyOfRange(candidates, first, end);
          try (Scope scope = new Scope()) { // what a chunk takes is free for the next one
            Chunk chunk = new Chunk(predictions, targets, first, some, most);
            chunks.add(chunk.assign().outliving(scope));
          }
        }
        first = end;
      }
      return joined(chunks, predictions.raw());
    }
  }

  private static Assignment joined(List<Assignment> chunks, Tensor like) {
    if (chunks.isEmpty()) {
      Tensor none = Tensors.sentTo(Tensors.of(new long[0], 0), like);
      Tensor noNumber = like.new_zeros(0);
      return new Assignment(none, none, noNumber, noNumber);
    }
    return new Assignment(
        join(chunks, Assignment::anchor),
        join(chunks, Assignment::row),
        join(chunks, Assignment::iou),
        join(chunks, Assignment::weight));
  }

  private static Tensor join(List<Assignment> chunks, Function<Assignment, Tensor> part) {
    return torch.cat(new TensorVector(chunks.stream().map(part).toArray(Tensor[]::new)), 0);
  }

  private static Scalar scalar(double value) {
    return new Scalar(value);
  }

  private static Scalar scalar(long value) {
    return new Scalar(value);
  }

  /** Some images in a row: b of them with at most C candidates and G objects each. */
  private final class Chunk {

    private final GridPredictions predictions;
    private final Targets targets;
    private final int first;
    private final int[][] candidates;
    private final long images;
    private final long objects;
    private final long count;
    private final Tensor index; // [b, C] anchor points, padded with 0

    Chunk(GridPredictions predictions, Targets targets, int first, int[][] candidates, int most) {
      this.predictions = predictions;
      this.targets = targets;
      this.first = first;
      this.candidates = candidates;
      images = candidates.length;
      objects = targets.most();
      count = most;
      long[] padded = new long[candidates.length * most];
      for (int b = 0; b < candidates.length; b++) {
        for (int c = 0; c < candidates[b].length; c++) {
          padded[b * most + c] = candidates[b][c];
        }
      }
      index = onDevice(Tensors.of(padded, images, count));
    }

    Assignment assign() {
      Tensor pairs = validPairs();
      Tensor rows = onDevice(targets.toTensor()).reshape(-1, objects, Targets.COLUMNS);
      Tensor labels = rows.narrow(0, first, images); // [b, G, 5]
      Tensor gx = labels.narrow(2, 1, 1);
      Tensor gy = labels.narrow(2, 2, 1);
      Tensor gw = labels.narrow(2, 3, 1);
      Tensor gh = labels.narrow(2, 4, 1);
      Tensor iou = overlaps(gx, gy, gw, gh).masked_fill_(pairs.logical_not(), scalar(0));
      Tensor logarithm = iou.add(scalar(IOU_EPSILON)).log();
      Tensor others = preferred(gx, gy, gw, gh).logical_not().to(ScalarType.Double);
      Tensor cost =
          classCost(labels.narrow(2, 0, 1))
              .add(logarithm.mul(scalar(-BOX_WEIGHT)))
              .add(others.mul(scalar(rule.penalty())))
              .masked_fill_(pairs.logical_not(), scalar(Double.POSITIVE_INFINITY));
      return choose(cost, iou);
    }

    /** [b, G, C]: whether object and candidate are real ones. */
    private Tensor validPairs() {
      double[] real = new double[Math.toIntExact(images * count)];
      double[] objectIsReal = new double[Math.toIntExact(images * objects)];
      for (int b = 0; b < images; b++) {
        Arrays.fill(real, b * (int) count, b * (int) count + candidates[b].length, 1);
        int from = b * (int) objects;
        Arrays.fill(objectIsReal, from, from + targets.count(first + b), 1);
      }
      Tensor byCandidate = onDevice(Tensors.of(real, images, 1, count));
      Tensor byObject = onDevice(Tensors.of(objectIsReal, images, objects, 1));
      return byCandidate.mul(byObject).to(ScalarType.Bool);
    }

    /** [b, 1, C] of a column of [B, A, columns]. */
    private Tensor column(Tensor all, long column) {
      return all.narrow(0, first, images)
          .select(2, column)
          .gather(1, index)
          .to(ScalarType.Double)
          .unsqueeze(1);
    }

    private Tensor overlaps(Tensor gx, Tensor gy, Tensor gw, Tensor gh) {
      Tensor w = column(predictions.boxes(), 2);
      Tensor h = column(predictions.boxes(), 3);
      Tensor common =
          shared(gx, gw, column(predictions.boxes(), 0), w)
              .mul(shared(gy, gh, column(predictions.boxes(), 1), h));
      Tensor union = gw.mul(gh).add(w.mul(h)).sub(common);
      return torch.where(common.gt(scalar(0)), common.div(union), torch.zeros_like(common));
    }

    /** The common length of two intervals given by centre and length. */
    private static Tensor shared(Tensor centre, Tensor length, Tensor otherCentre, Tensor other) {
      Scalar half = scalar(0.5);
      Tensor from = centre.sub(length.mul(half));
      Tensor otherFrom = otherCentre.sub(other.mul(half));
      return torch
          .minimum(from.add(length), otherFrom.add(other))
          .sub(torch.maximum(from, otherFrom))
          .clamp_min(scalar(0));
    }

    private Tensor preferred(Tensor gx, Tensor gy, Tensor gw, Tensor gh) {
      Tensor grid = predictions.grid().to(ScalarType.Double);
      Tensor stride = point(grid, 2);
      Tensor x = point(grid, 0).add(scalar(0.5)).mul(stride);
      Tensor y = point(grid, 1).add(scalar(0.5)).mul(stride);
      Tensor radius = stride.mul(scalar(rule.radius()));
      Tensor near = inside(x, gx, radius).logical_and(inside(y, gy, radius));
      if (!rule.looksAtBoxes()) {
        return near;
      }
      Scalar half = scalar(0.5);
      return near.logical_and(inside(x, gx, gw.mul(half))).logical_and(inside(y, gy, gh.mul(half)));
    }

    /** [b, 1, C] of a column of [A, 3]. */
    private Tensor point(Tensor grid, long column) {
      return grid.select(1, column).index_select(0, index.reshape(-1)).reshape(images, 1, count);
    }

    private static Tensor inside(Tensor value, Tensor centre, Tensor half) {
      return value.gt(centre.sub(half)).logical_and(value.lt(centre.add(half)));
    }

    /** [b, G, C] */
    private Tensor classCost(Tensor classIds) {
      long classes = predictions.classes().size(2);
      Tensor logits =
          predictions
              .classes()
              .narrow(0, first, images)
              .gather(1, index.unsqueeze(2).expand(images, count, classes));
      Tensor objectness = predictions.objectness().narrow(0, first, images).gather(1, index);
      Tensor joint = CandidateScores.joint(objectness.unsqueeze(2), logits).to(ScalarType.Double);
      Tensor negative = logarithm(complement(joint)).sum(2).neg().unsqueeze(1);
      Tensor ids = classIds.to(ScalarType.Long).reshape(images, 1, objects);
      Tensor own = joint.gather(2, ids.expand(images, count, objects)).transpose(1, 2);
      return negative.add(logarithm(complement(own)).sub(logarithm(own)));
    }

    private static Tensor complement(Tensor probability) {
      return torch.ones_like(probability).sub(probability);
    }

    private static Tensor logarithm(Tensor value) {
      return value.log().clamp_min(scalar(LEAST_LOGARITHM));
    }

    private Assignment choose(Tensor cost, Tensor iou) {
      long slots = Math.min(MOST_POSITIVES, count);
      Tensor k =
          iou.topk(slots, 2, true, true)
              .get0()
              .sum(2)
              .to(ScalarType.Long)
              .clamp_min(scalar(1)); // [b, G]
      Tensor left = cost.clone();
      Scalar infinity = scalar(Double.POSITIVE_INFINITY);
      List<Tensor> chosen = new ArrayList<>();
      List<Tensor> taken = new ArrayList<>();
      for (int slot = 0; slot < slots; slot++) {
        var least = left.min(2, true); // of equal costs the first
        chosen.add(least.get1());
        taken.add(least.get0().lt(infinity).logical_and(k.unsqueeze(2).gt(scalar(slot))));
        left.scatter_(2, least.get1(), scalar(Double.POSITIVE_INFINITY));
      }
      long perImage = objects * slots;
      Tensor candidate = cat(chosen).reshape(images, perImage); // [b, G * slots]
      Tensor take = cat(taken).reshape(images, perImage);
      return owned(cost, iou, candidate, take, slots);
    }

    private static Tensor cat(List<Tensor> tensors) {
      return torch.cat(new TensorVector(tensors.toArray(Tensor[]::new)), 2);
    }

    /** Settles who owns each candidate, and keeps one slot of each that was taken. */
    private Assignment owned(Tensor cost, Tensor iou, Tensor candidate, Tensor take, long slots) {
      long perImage = objects * slots;
      Tensor slot =
          torch.arange(scalar(perImage), index.options()).unsqueeze(0).expand(images, perImage);
      Tensor claims = torch.zeros_like(index).scatter_add_(1, candidate, take.to(ScalarType.Long));
      Tensor firstSlot =
          torch
              .full_like(index, scalar(perImage))
              .scatter_reduce_(
                  1, candidate, torch.where(take, slot, scalar(perImage)), "amin", true);
      Tensor claimant = firstSlot.floor_divide(scalar(slots));
      Tensor owner = torch.where(claims.gt(scalar(1)), cost.min(1, false).get1(), claimant);
      Tensor object = owner.gather(1, candidate).clamp_max(scalar(objects - 1));
      Tensor keep = take.logical_and(firstSlot.gather(1, candidate).eq(slot));
      Tensor image = torch.arange(scalar(images), index.options()).add(scalar(first)).unsqueeze(1);
      Tensor anchor =
          image.mul(scalar(predictions.points().size())).add(index.gather(1, candidate));
      Tensor row = image.mul(scalar(objects)).add(object);
      Tensor overlap =
          iou.reshape(images, objects * count).gather(1, object.mul(scalar(count)).add(candidate));
      ScalarType type = Tensors.type(predictions.raw());
      return new Assignment(
          anchor.reshape(-1),
          row.reshape(-1),
          overlap.reshape(-1).to(type),
          keep.reshape(-1).to(type));
    }

    private Tensor onDevice(Tensor tensor) {
      return Tensors.sentTo(tensor, predictions.raw());
    }
  }
}
