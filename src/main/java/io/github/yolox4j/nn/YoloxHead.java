package io.github.yolox4j.nn;

import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The decoupled head: at each stride one branch for classes, one for boxes and objectness. */
public final class YoloxHead extends Module {

  private static final int LEVELS = Network.STRIDES.size();

  /** The probability of an object, and of each class, that a new head predicts everywhere. */
  private static final double PRIOR = 1e-2;

  private final ModuleList<Sequence> classBranches;
  private final ModuleList<Sequence> boxBranches;
  private final ModuleList<Conv2dImpl> classPredictions;
  private final ModuleList<Conv2dImpl> boxPredictions;
  private final ModuleList<Conv2dImpl> objectnessPredictions;
  private final ModuleList<BaseConv> stems;

  /**
   * Makes and registers the layers.
   *
   * @param classes the number of classes
   * @param channels the channels inside the head
   * @param inputs the channels of the three feature maps
   * @param style what the convolutions have in common
   */
  YoloxHead(int classes, int channels, int[] inputs, Style style) {
    classBranches = register_module("cls_convs", branches(channels, style));
    boxBranches = register_module("reg_convs", branches(channels, style));
    classPredictions = register_module("cls_preds", predictions(channels, classes));
    boxPredictions = register_module("reg_preds", predictions(channels, 4));
    objectnessPredictions = register_module("obj_preds", predictions(channels, 1));
    stems =
        register_module(
            "stems",
            new ModuleList<>(LEVELS, i -> new BaseConv(inputs[i], channels, 1, 1, 1, style)));
    initialiseBiases();
  }

  /** Makes every class and objectness improbable, so that training does not begin with a shock. */
  void initialiseBiases() {
    try (NoGradGuard _ = new NoGradGuard();
        Scalar bias = new Scalar(-Math.log((1 - PRIOR) / PRIOR))) {
      for (int i = 0; i < LEVELS; i++) {
        classPredictions.get(i).bias().fill_(bias);
        objectnessPredictions.get(i).bias().fill_(bias);
      }
    }
  }

  static YoloxHead of(ModelSpec spec, int[] inputs, Style style) {
    return new YoloxHead(spec.classes(), spec.scaled(256), inputs, style);
  }

  private static ModuleList<Sequence> branches(int channels, Style style) {
    return new ModuleList<>(
        LEVELS,
        _ ->
            new Sequence(
                Spatial.of(channels, channels, 1, style),
                Spatial.of(channels, channels, 1, style)));
  }

  private static ModuleList<Conv2dImpl> predictions(int inputs, int outputs) {
    return new ModuleList<>(LEVELS, _ -> Conv2d.of(inputs, outputs, 1, 1, 1, true));
  }

  /**
   * Predicts at every stride.
   *
   * @param features the feature maps, strides 8, 16, 32
   * @return the predictions in that order, owned by the caller
   */
  List<LevelOutput> forward(Features features) {
    List<Tensor> maps = List.of(features.stride8(), features.stride16(), features.stride32());
    List<LevelOutput> outputs = new ArrayList<>();
    for (int i = 0; i < LEVELS; i++) {
      try (Tensor stem = stems.get(i).forward(maps.get(i));
          Tensor classFeatures = classBranches.get(i).forward(stem);
          Tensor boxFeatures = boxBranches.get(i).forward(stem)) {
        outputs.add(
            new LevelOutput(
                Network.STRIDES.get(i),
                boxPredictions.get(i).forward(boxFeatures),
                objectnessPredictions.get(i).forward(boxFeatures),
                classPredictions.get(i).forward(classFeatures)));
      }
    }
    return outputs;
  }
}
