package io.github.yolox4j.loss;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * SimOTA for some pictures of a batch in a row, as operations over all their pairs of object and
 * candidate at once: b pictures, G objects and C candidates each, padded. The host learns nothing
 * from a GPU, which therefore never waits: what candidates there are follows from the labels. In 64
 * bits but for the joint probability, which the reference computes in 32. The tensors belong to the
 * scope in which this was made.
 */
final class SimOtaPart {

  /** The weight of the box term in a pair's cost. */
  static final double BOX_WEIGHT = 3;

  /** Keeps the logarithm of an IoU of 0 finite. */
  static final double IOU_EPSILON = 1e-8;

  /** Where PyTorch's binary cross-entropy cuts logarithms off. */
  static final double LEAST_LOGARITHM = -100;

  private final SimOta settings;
  private final GridPredictions predictions;
  private final int first;
  private final long images;
  private final long objects;
  private final long rowsPerImage;
  private final long count;
  private final Tensor anchor; // [b * C]: picture of the batch * A + anchor point
  private final Tensor real; // [b, 1, C]: whether a candidate is one
  private final Tensor invalid; // [b, G, C]: whether object or candidate is none
  private final Tensor classId; // [b, G, 1], as is the rest
  private final Tensor x;
  private final Tensor y;
  private final Tensor width;
  private final Tensor height;
  private final Tensor joint; // [b * C, classes]
  private final Tensor unclassified; // [b, 1, C]: the cross-entropy of a candidate of no class

  /** Looks at pictures from a first one on, whose candidates these are; there are some. */
  SimOtaPart(
      SimOta settings,
      GridPredictions predictions,
      Targets targets,
      int first,
      int[][] candidates) {
    this.settings = settings;
    this.predictions = predictions;
    this.first = first;
    images = candidates.length;
    int[] counts = Arrays.stream(candidates).mapToInt(each -> each.length).toArray();
    int most = Arrays.stream(counts).max().orElse(0);
    count = most;
    long[] flat = new long[candidates.length * most];
    for (int b = 0; b < candidates.length; b++) {
      long offset = (long) (first + b) * predictions.cells().size();
      for (int c = 0; c < most; c++) {
        flat[b * most + c] = offset + (c < counts[b] ? candidates[b][c] : 0);
      }
    }
    anchor = sent(flat, flat.length);
    real = below(counts, count).unsqueeze(1);
    int[] objectCounts =
        IntStream.range(first, first + candidates.length).map(targets.labels()::count).toArray();
    objects = Arrays.stream(objectCounts).max().orElse(0);
    invalid = below(objectCounts, objects).unsqueeze(2).logical_and(real).logical_not_();
    Tensor rows = targets.rows().narrow(0, first, images).narrow(1, 0, objects);
    rowsPerImage = targets.most();
    classId = rows.narrow(2, 0, 1);
    x = rows.narrow(2, 1, 1);
    y = rows.narrow(2, 2, 1);
    width = rows.narrow(2, 3, 1);
    height = rows.narrow(2, 4, 1);
    joint = joint();
    unclassified =
        clamped(joint.neg().add_(scalar(1)).log_()).sum(1).neg().reshape(images, 1, count);
  }

  /** The names of pictures with a candidate whose prediction is not finite; of none on a GPU. */
  List<String> broken(Labels labels) {
    if (anchor.is_cuda()) {
      return List.of(); // it would have to be waited for; the losses are not finite then
    }
    Tensor sums = // NaN and infinity survive a sum of numbers times zero
        boxes()
            .sum(3)
            .mul_(scalar(0))
            .add_(unclassified)
            .masked_fill_(real.logical_not(), scalar(0));
    double[] perImage = Tensors.toDoubles(sums.sum(2));
    return IntStream.range(0, perImage.length)
        .filter(b -> Double.isNaN(perImage[b]))
        .mapToObj(b -> labels.name(first + b))
        .toList();
  }

  Assignment assign() {
    Tensor iou = iou();
    Tensor cost =
        classCost()
            .sub_(iou.add(scalar(IOU_EPSILON)).log_().mul_(scalar(BOX_WEIGHT)))
            .add_(others().mul_(scalar(settings.penalty())))
            .masked_fill_(invalid, scalar(Double.POSITIVE_INFINITY));
    CheapestPairs pairs = CheapestPairs.of(cost, iou);
    Tensor taken = pairs.entries(objects);
    Tensor image = // in the batch
        torch
            .arange(new Scalar((long) first), new Scalar(first + images), anchor.options())
            .unsqueeze(1);
    Tensor rows = pairs.owner().add(image.mul(new Scalar(rowsPerImage)));
    Tensor owned = iou.gather(1, pairs.owner().unsqueeze(1));
    ScalarType type = Tensors.type(predictions.raw());
    return new Assignment(
        anchor.index_select(0, taken),
        rows.reshape(-1).index_select(0, taken),
        owned.reshape(-1).index_select(0, taken).to(type),
        pairs.taken().reshape(-1).index_select(0, taken).to(type));
  }

  /** [b * C, columns] of a tensor [B, A, columns]. */
  private Tensor atCandidates(Tensor all) {
    return all.reshape(-1, all.size(2)).index_select(0, anchor);
  }

  /** [b, 1, C, 4] */
  private Tensor boxes() {
    return atCandidates(predictions.boxes()).to(ScalarType.Double).reshape(images, 1, count, 4);
  }

  /** sqrt(sigmoid(class) * sigmoid(objectness)), [b * C, classes]. */
  private Tensor joint() {
    Tensor object = atCandidates(predictions.objectness().unsqueeze(2)).to(ScalarType.Float);
    Tensor classes = atCandidates(predictions.classes()).to(ScalarType.Float);
    return classes.sigmoid().mul(object.sigmoid()).sqrt().to(ScalarType.Double);
  }

  /** [b, G, C], 0 where a pair is invalid. */
  private Tensor iou() {
    Tensor boxes = boxes();
    Tensor w = boxes.select(3, 2);
    Tensor h = boxes.select(3, 3);
    Tensor common =
        common(x, width, boxes.select(3, 0), w).mul_(common(y, height, boxes.select(3, 1), h));
    Tensor union = width.mul(height).add(w.mul(h)).sub_(common);
    return common
        .div_(union.clamp_min_(scalar(Double.MIN_NORMAL))) // 0, too, where both boxes are empty
        .masked_fill_(invalid, scalar(0));
  }

  /** The common length of intervals given by centre and length. */
  private static Tensor common(Tensor centre, Tensor length, Tensor otherCentre, Tensor other) {
    Tensor from = centre.sub(length.mul(scalar(0.5)));
    Tensor otherFrom = otherCentre.sub(other.mul(scalar(0.5)));
    return torch
        .minimum(from.add(length), otherFrom.add(other))
        .sub_(torch.maximum(from, otherFrom))
        .clamp_min_(scalar(0));
  }

  /** The cross-entropy of each candidate if it were of each object's class, [b, G, C]. */
  private Tensor classCost() {
    Tensor ids = classId.to(ScalarType.Long).transpose(1, 2).expand(images, count, objects);
    Tensor own = joint.reshape(images, count, -1).gather(2, ids).transpose(1, 2);
    return clamped(own.neg().add_(scalar(1)).log_()).sub_(clamped(own.log())).add_(unclassified);
  }

  private static Tensor clamped(Tensor logarithm) {
    return logarithm.clamp_min_(scalar(LEAST_LOGARITHM));
  }

  /** 1 for each pair that is not preferred, else 0; [b, G, C]. */
  private Tensor others() {
    Tensor points = anchor.remainder(new Scalar((long) predictions.cells().size()));
    Tensor grid =
        predictions
            .grid()
            .index_select(0, points)
            .to(ScalarType.Double)
            .reshape(images, 1, count, GridPredictions.GRID);
    Tensor stride = grid.select(3, 2);
    Tensor px = grid.select(3, 0).add(scalar(0.5)).mul_(stride);
    Tensor py = grid.select(3, 1).add(scalar(0.5)).mul_(stride);
    Tensor radius = stride.mul(scalar(settings.radius()));
    Tensor preferred = inside(px, x, radius).logical_and_(inside(py, y, radius));
    if (settings.looksAtBoxes()) {
      preferred
          .logical_and_(inside(px, x, width.mul(scalar(0.5))))
          .logical_and_(inside(py, y, height.mul(scalar(0.5))));
    }
    return preferred.logical_not_().to(ScalarType.Double);
  }

  private static Tensor inside(Tensor value, Tensor centre, Tensor half) {
    return value.gt(centre.sub(half)).logical_and_(value.lt(centre.add(half)));
  }

  /** Which of so many places of a picture are below its count, [b, most]. */
  private Tensor below(int[] counts, long most) {
    Tensor places = torch.arange(new Scalar(most), anchor.options());
    return places.lt(sent(Arrays.stream(counts).asLongStream().toArray(), counts.length, 1));
  }

  private Tensor sent(long[] values, long... shape) {
    return Tensors.sentTo(Tensors.of(values, shape), predictions.raw());
  }

  private static Scalar scalar(double value) {
    return new Scalar(value);
  }
}
