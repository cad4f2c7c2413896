package io.github.yolox4j.train;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.data.TrainingData;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A whole training run on synthetic images.
 *
 * @param spec the model
 * @param data the images
 * @param settings what differs from the model's recipe
 * @param weights where it begins
 */
record SmallTraining(
    ModelSpec spec, SyntheticData data, Map<String, String> settings, Optional<Path> weights) {

  private static final int SIDE = 96;
  private static final Map<String, String> CHANGING_SIZES =
      Map.of(
          "no-augmentation-epochs", "1",
          "multiscale.every", "2",
          "multiscale.below", "1",
          "multiscale.above", "1");

  /** A run of a new nano on 40 small images, whose sizes change every other step. */
  static SmallTraining ofNano(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(CHANGING_SIZES);
    all.putAll(settings);
    return new SmallTraining(
        OfficialModel.NANO
            .spec()
            .withClasses(SyntheticData.CLASS_NAMES.size())
            .withInput(SIDE, SIDE),
        new SyntheticData(40, 4, SIDE, SIDE, 1),
        all,
        Optional.empty());
  }

  TrainingResult run(
      Path folder, ComputeDevice device, Precision precision, TrainingListener listener) {
    Path shapes = folder.resolve("shapes");
    data.write(shapes, _ -> {});
    TrainingData images = TrainingData.open(shapes, "train", "val");
    return Trainer.train(
        new TrainingPlan(
            spec,
            RecipeFile.change(Recipe.of(spec), settings, "the test"),
            images.train(),
            images.validation(),
            weights,
            new RunFolder(NewFolder.made(folder.resolve("run"))),
            false,
            device,
            precision),
        listener);
  }
}
