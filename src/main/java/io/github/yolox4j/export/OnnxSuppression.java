package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/**
 * Writes non-maximum suppression with standard operators, to the same detections as this program's
 * own. ONNX suppresses within each class all that score there, so what is no anchor point's best
 * class is masked first; it compares strictly, so the threshold of scores is the float below.
 */
record OnnxSuppression(OnnxGraphBuilder graph, Output.Detections detections) {

  private static final AttributeProto POINTS = OnnxAttribute.of("axis", 1);
  private static final AttributeProto LAST = OnnxAttribute.of("axis", 2);
  private static final AttributeProto REDUCED = OnnxAttribute.of("keepdims", 0);

  /** The score of what is masked or dropped, below every threshold. */
  private static final float NONE = -1;

  /**
   * Adds the nodes and the outputs.
   *
   * @param predictions the name of the decoded predictions
   * @param classes the number of classes
   * @param batch the number of pictures or the name of that dimension
   */
  void add(String predictions, int classes, Object batch) {
    String probabilities = graph.slice("nms.probabilities", predictions, 2, 5, 5L + classes);
    String best = graph.node("nms.best_class", "ArgMax", List.of(probabilities), LAST, REDUCED);
    String confidence =
        graph.node(
            "nms.confidence",
            "ReduceMax",
            List.of(probabilities),
            OnnxAttribute.ints("axes", 2),
            REDUCED);
    String objectness =
        graph.node(
            "nms.objectness",
            "Squeeze",
            List.of(graph.slice("nms.objectness_column", predictions, 2, 4, 5), graph.integers(2)));
    String score = graph.node("nms.score", "Mul", List.of(objectness, confidence));
    String corners = corners(predictions);
    String kept = kept(corners, score, best, classes);
    outputs(kept, corners, best, batch);
  }

  /** [B, A, 4] */
  private String corners(String predictions) {
    String centre = graph.slice("nms.centre", predictions, 2, 0, 2);
    String size = graph.slice("nms.size", predictions, 2, 2, 4);
    String half = graph.node("nms.half_size", "Div", List.of(size, graph.number(2)));
    return graph.node(
        "nms.corners",
        "Concat",
        List.of(
            graph.node("nms.top_left", "Sub", List.of(centre, half)),
            graph.node("nms.bottom_right", "Add", List.of(centre, half))),
        LAST);
  }

  /** [B, A]: the scores of what is kept; an anchor point is kept at most once. */
  private String kept(String corners, String score, String best, int classes) {
    long[] ids = new long[classes];
    for (int i = 0; i < classes; i++) {
      ids[i] = i;
    }
    String isBest =
        graph.node(
            "nms.is_best",
            "Equal",
            List.of(
                graph.node("nms.best_row", "Unsqueeze", List.of(best, graph.integers(1))),
                graph.integers("nms.class_ids", ids, List.of(1L, (long) classes, 1L))));
    String masked =
        graph.node(
            "nms.masked",
            "Where",
            List.of(
                isBest,
                graph.node("nms.score_row", "Unsqueeze", List.of(score, graph.integers(1))),
                graph.number(NONE)));
    String selected =
        graph.node(
            "nms.selected",
            "NonMaxSuppression",
            List.of(
                corners,
                masked,
                graph.integers(detections.maximum()),
                graph.numbers(detections.iou()),
                graph.numbers(below(detections.confidence()))));
    String positions =
        graph.node("nms.positions", "Gather", List.of(selected, graph.integers(0, 2)), POINTS);
    return graph.node(
        "nms.kept",
        "ScatterND",
        List.of(
            filled("nms.nothing_kept", graph.node("nms.shape", "Shape", List.of(score))),
            positions,
            graph.node("nms.kept_scores", "GatherND", List.of(score, positions))));
  }

  /** The float below; denormal numbers may count as zero. */
  private static float below(float threshold) {
    return threshold < Float.MIN_NORMAL ? NONE / 2 : Math.nextDown(threshold);
  }

  private String filled(String name, String shape) {
    TensorProto none =
        TensorProto.newBuilder()
            .setDataType(DataType.FLOAT.getNumber())
            .addDims(1)
            .addFloatData(NONE)
            .build();
    return graph.node(name, "ConstantOfShape", List.of(shape), OnnxAttribute.of("value", none));
  }

  private void outputs(String kept, String corners, String best, Object batch) {
    int maximum = detections.maximum();
    // behind the anchor points stand as many as are asked for, so that there are always enough
    String batchSize = graph.slice("nms.batch", "nms.shape", 0, 0, 1);
    String spareShape =
        graph.node(
            "nms.spare_shape",
            "Concat",
            List.of(batchSize, graph.integers(maximum)),
            OnnxAttribute.of("axis", 0));
    String enough =
        graph.node("nms.enough", "Concat", List.of(kept, filled("nms.spare", spareShape)), POINTS);
    List<String> top = graph.topK("nms.top", enough, graph.integers(maximum), 1);
    String points = graph.slice("nms.points", "nms.shape", 0, 1, 2);
    String last = graph.node("nms.last_point", "Sub", List.of(points, graph.integers(1)));
    String point = graph.node("nms.point", "Min", List.of(top.get(1), last));
    String found =
        graph.node("nms.found", "GreaterOrEqual", List.of(top.getFirst(), graph.number(0)));

    String column = graph.node("nms.point_column", "Unsqueeze", List.of(point, graph.integers(2)));
    String box =
        graph.node(
            "nms.box", "GatherND", List.of(corners, column), OnnxAttribute.of("batch_dims", 1));
    String foundBox =
        graph.node("nms.found_column", "Unsqueeze", List.of(found, graph.integers(2)));
    graph.node("boxes", "Where", List.of(foundBox, box, graph.number(0)));
    graph.node("scores", "Where", List.of(found, top.getFirst(), graph.number(0)));
    String category = graph.node("nms.class", "GatherElements", List.of(best, point), POINTS);
    graph.node("classes", "Where", List.of(found, category, graph.integer(0)));
    graph.node(
        "counts",
        "ReduceSum",
        List.of(graph.cast("nms.found_number", found, DataType.INT64), graph.integers(1)),
        REDUCED);

    graph.output(
        "boxes",
        DataType.FLOAT,
        "Corners x1, y1, x2, y2 in pixels of the network's input, highest score first",
        List.of(batch, maximum, 4));
    graph.output(
        "scores", DataType.FLOAT, "Objectness times class probability", List.of(batch, maximum));
    graph.output("classes", DataType.INT64, "Class ids", List.of(batch, maximum));
    graph.output(
        "counts", DataType.INT64, "Detections of each picture; zeros follow them", List.of(batch));
  }
}
