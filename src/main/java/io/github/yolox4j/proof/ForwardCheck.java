package io.github.yolox4j.proof;

import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Decoding;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The reference's forward passes of closed-form networks, folded, as inference runs them. */
final class ForwardCheck {

  private static final int BATCH = 2;
  private static final int HEIGHT = 64;
  private static final int WIDTH = 96;
  private static final long PICTURES = 1_000_000;

  private ForwardCheck() {}

  static List<Item> items(Subject subject) {
    List<Item> items = new ArrayList<>();
    for (OfficialModel model : subject.models()) {
      for (Arithmetic arithmetic : Arithmetic.possible(subject.device())) {
        items.add(
            new Item(
                model.key() + " " + arithmetic,
                () ->
                    subject.withFigures(
                        figures -> check(figures, model, arithmetic, subject.device()))));
      }
    }
    return items;
  }

  private static Finding check(
      ReferenceFigures reference,
      OfficialModel model,
      Arithmetic arithmetic,
      ComputeDevice device) {
    arithmetic.allow();
    try (Weights figures = reference.tensors("forward_" + model.key());
        YoloX network = YoloX.create(model.spec())) {
      ReferenceInputs.fill(network);
      Networks.load(network, figures); // the running statistics
      network.eval();
      double[] expected = figures.arrays().get("raw64").toDoubles();
      Comparison comparison = new Comparison();
      try (YoloX folded = Networks.folded(network, io.github.yolox4j.model.InputScaling.NONE)) {
        double[] found = raw(folded, device, Tensors.type(arithmetic.precision()));
        if (arithmetic == Arithmetic.FP32) {
          comparison.addAll("prediction", expected, found, tolerance(model));
        } else {
          double error = relativeError(expected, found);
          comparison.add("relative error", 0, error, relativeTolerance(arithmetic));
        }
      }
      return comparison.finding();
    }
  }

  private static double[] raw(YoloX network, ComputeDevice device, ScalarType type) {
    try (var _ = new Scope();
        InferenceMode _ = new InferenceMode(true);
        Device target = device.toTorch()) {
      network.to(target, type, false);
      Networks.toChannelsLast(network);
      float[] pixels = ReferenceInputs.values(PICTURES, (long) BATCH * 3 * HEIGHT * WIDTH, 0, 255);
      Tensor pictures =
          Tensors.of(pixels, BATCH, 3, HEIGHT, WIDTH)
              .to(target, type)
              .contiguous(MemoryFormat.ChannelsLast);
      return Tensors.toDoubles(Decoding.flatten(network.forward(pictures)));
    }
  }

  /** As a share of the largest prediction; the largest model amplifies rounding. */
  private static double tolerance(OfficialModel model) {
    return model == OfficialModel.X ? 1e-3 : 2e-4;
  }

  /** The root of the mean square of the differences, as a share of that of the numbers. */
  private static double relativeError(double[] expected, double[] found) {
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      differences += (expected[i] - found[i]) * (expected[i] - found[i]);
      squares += expected[i] * expected[i];
    }
    return Math.sqrt(differences / squares);
  }

  /**
   * Networks of random weights amplify rounding some 500 times. On processors the models' errors
   * are 0.014 to 0.084 with 10 bits of fraction and 0.10 to 0.56 with 7; unrelated numbers would be
   * off by 1.4.
   */
  private static double relativeTolerance(Arithmetic arithmetic) {
    return arithmetic == Arithmetic.BF16 ? 0.8 : 0.15;
  }
}
