package io.github.yolox4j.proof;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.train.TrainingResult;
import io.github.yolox4j.weights.SafetensorsWriter;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a trained model a new last layer and tunes it in mixed precision: from no accuracy at all
 * it must come to a good one.
 */
final class FineTuningCheck {

  private static final String LAST_LAYER = "head\\.(cls|reg|obj)_preds\\..*";

  /** Three seeds on a processor in 32 bits come to 0.53 to 0.58; runs as short as this vary. */
  private static final double LEAST_AP = 0.4;

  private static final SyntheticData IMAGES = new SyntheticData(320, 60, 224, 224, 5);
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("epochs", "8"),
          Map.entry("batch", "16"),
          Map.entry("no-augmentation-epochs", "2"),
          Map.entry("optimizer.rate", "0.04"),
          Map.entry("optimizer.clip-norm", "10"),
          Map.entry("schedule.warmup-epochs", "1"),
          Map.entry("average.ramp", "50"),
          Map.entry("augmentation.mosaic-probability", "0.5"),
          Map.entry("augmentation.mixup-probability", "0"),
          Map.entry("multiscale.every", "0"),
          Map.entry("evaluation.every", "8"));

  private FineTuningCheck() {}

  static List<Item> items(Subject subject) {
    Arithmetic arithmetic = subject.device().cuda() ? Arithmetic.FP16 : Arithmetic.BF16;
    return List.of(
        new Item(
            "shapes " + arithmetic,
            () -> subject.withTrained(weights -> check(subject, weights, arithmetic))));
  }

  private static Finding check(Subject subject, Path trained, Arithmetic arithmetic) {
    arithmetic.allow();
    Path folder = NewFolder.made(subject.scratch().resolve("fine-tuning"));
    Path start = folder.resolve("start.safetensors");
    ModelSpec spec = withoutLastLayer(trained, start);
    ComputeDevice device = subject.device();
    TrainingResult result =
        new SmallTraining(spec, IMAGES, SETTINGS, Optional.of(start))
            .run(folder, device, arithmetic.precision(), _ -> {});
    double ap = result.bestAp().orElse(0);
    String says =
        String.format(
            Locale.ROOT,
            "AP %.3f after %d epochs, expected at least %.2f",
            ap,
            result.epochs(),
            LEAST_AP);
    return new Finding(
        ap >= LEAST_AP ? Outcome.PASSED : Outcome.FAILED,
        says,
        Map.of("ap", ap, "seconds", result.seconds()));
  }

  private static ModelSpec withoutLastLayer(Path trained, Path start) {
    try (Weights weights = Weights.read(trained)) {
      Map<String, WeightArray> kept = new LinkedHashMap<>(weights.arrays());
      kept.keySet().removeIf(key -> key.matches(LAST_LAYER));
      SafetensorsWriter.write(start, kept, Map.of());
      return WeightsModel.infer(weights);
    }
  }
}
