package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * SimOTA in plain Java, image by image and object by object: what {@link SimOta} must agree with.
 */
record ArraySimOta(SimOta settings) implements Assigner {

  @Override
  public Assignment assign(GridPredictions predictions, Targets targets) {
    List<ImageAssignment> images = assignments(predictions, targets);
    int positives = images.stream().mapToInt(image -> image.anchors().length).sum();
    long[] anchors = new long[positives];
    long[] rows = new long[positives];
    double[] ious = new double[positives];
    int next = 0;
    for (int b = 0; b < images.size(); b++) {
      ImageAssignment image = images.get(b);
      for (int i = 0; i < image.anchors().length; i++) {
        anchors[next] = (long) b * predictions.cells().size() + image.anchors()[i];
        rows[next] = (long) b * targets.most() + image.objects()[i];
        ious[next] = image.ious()[i];
        next++;
      }
    }
    Tensor like = predictions.raw();
    ScalarType type = Tensors.type(like);
    Tensor iou = Tensors.of(ious, positives).to(like.device(), type);
    return new Assignment(
        Tensors.of(anchors, positives).to(like.device(), ScalarType.Long),
        Tensors.of(rows, positives).to(like.device(), ScalarType.Long),
        iou,
        iou.new_ones(positives));
  }

  /** The positives of every image. */
  List<ImageAssignment> assignments(GridPredictions predictions, Targets targets) {
    int batch = targets.labels().pictures();
    int[][] candidates = new int[batch][];
    int[] first = new int[batch + 1];
    for (int b = 0; b < batch; b++) {
      candidates[b] = CandidateAnchors.of(settings, predictions.cells(), targets.labels(), b);
      first[b + 1] = Math.addExact(first[b], candidates[b].length);
    }
    CandidateScores scores = CandidateScores.read(predictions, candidates, first[batch]);
    requireFinite(scores, first, targets.labels());
    return IntStream.range(0, batch)
        .parallel()
        .mapToObj(
            b ->
                new ImageSimOta(
                        settings, predictions.cells(), targets.labels(), b, candidates[b], scores)
                    .assign(first[b]))
        .toList();
  }

  private static void requireFinite(CandidateScores scores, int[] first, Labels labels) {
    List<String> broken =
        IntStream.range(0, labels.pictures())
            .filter(b -> !scores.finite(first[b], first[b + 1]))
            .mapToObj(labels::name)
            .toList();
    if (!broken.isEmpty()) {
      throw new YoloxException(
          "The network predicts NaN or infinity for %s".formatted(String.join(", ", broken)));
    }
  }
}
