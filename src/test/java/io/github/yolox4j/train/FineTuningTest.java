package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.weights.SafetensorsWriter;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gives a trained model a new last layer and tunes it in mixed precision: from no accuracy at all
 * it must come to a good one.
 */
class FineTuningTest {

  private static final Path TRAINED = Path.of("models", "demo.pth");
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

  @Tag("gpu")
  @Test
  void newLastLayerLearnsInMixedPrecision(@TempDir Path folder) {
    ComputeDevice device = DeviceUnderTest.get();
    Arithmetic arithmetic = device.cuda() ? Arithmetic.FP16 : Arithmetic.BF16;
    arithmetic.use(device);
    Path start = folder.resolve("start.safetensors");
    TrainingResult result =
        new SmallTraining(withoutLastLayer(start), IMAGES, SETTINGS, Optional.of(start))
            .run(folder, device, arithmetic.precision(), _ -> {});
    double ap = result.bestAp().orElse(0);
    assertTrue(ap >= LEAST_AP, () -> "AP is " + ap);
  }

  private static ModelSpec withoutLastLayer(Path start) {
    try (Weights weights = Weights.read(TRAINED)) {
      Map<String, WeightArray> kept = new LinkedHashMap<>(weights.arrays());
      kept.keySet().removeIf(key -> key.matches(LAST_LAYER));
      SafetensorsWriter.write(start, kept, Map.of());
      return WeightsModel.infer(weights);
    }
  }
}
