package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Augmentation;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import java.util.List;

/**
 * Everything that can be set about a training run: the section {@code training} of a model file,
 * whose keys are these components in kebab case.
 *
 * @param epochs how often the images are gone through, at least 1
 * @param batch images per batch, at least 1
 * @param noAugmentationEpochs the switch to no mosaic, no mixup and the L1 loss comes before the
 *     epoch whose number, from 1, is epochs minus this; 0 for never
 * @param logInterval after how many iterations the losses are reported, at least 1
 * @param seed what all randomness depends on
 * @param freeze parameters whose keys begin with one of these stay as they are
 * @param optimizer how parameters follow their gradients
 * @param schedule how the learning rate changes
 * @param average the moving average of the weights
 * @param loss what is minimised
 * @param augmentation how samples are changed at random
 * @param multiscale how the input size changes
 * @param evaluation when and how accuracy is measured
 * @param checkpoint when checkpoints are written
 * @param loader how pictures are read
 */
public record Recipe(
    int epochs,
    @JsonPropertyDescription("images per batch") int batch,
    @JsonPropertyDescription("so many before the end: no mosaic, no mixup, L1 loss")
        int noAugmentationEpochs,
    @JsonPropertyDescription("iterations between reported losses") int logInterval,
    long seed,
    @JsonPropertyDescription("parameters whose keys begin so stay as they are") List<String> freeze,
    OptimizerRecipe optimizer,
    ScheduleRecipe schedule,
    AverageRecipe average,
    LossRecipe loss,
    Augmentation augmentation,
    MultiscaleRecipe multiscale,
    EvaluationRecipe evaluation,
    CheckpointRecipe checkpoint,
    LoaderRecipe loader) {

  /** The reference's recipe for s, m, l, x and darknet53; its batch is 64 images on 8 GPUs. */
  public static final Recipe DEFAULT =
      new Recipe(
          300,
          16,
          15,
          10,
          0,
          List.of(),
          OptimizerRecipe.DEFAULT,
          ScheduleRecipe.DEFAULT,
          AverageRecipe.DEFAULT,
          LossRecipe.DEFAULT,
          Augmentation.DEFAULT,
          MultiscaleRecipe.DEFAULT,
          EvaluationRecipe.DEFAULT,
          CheckpointRecipe.DEFAULT,
          LoaderRecipe.DEFAULT);

  /** Checks the values. */
  public Recipe {
    freeze = List.copyOf(freeze);
    Range.require("epochs", epochs, 1, 1 << 24);
    Range.require("batch", batch, 1, 1 << 16);
    Range.require("no-augmentation-epochs", noAugmentationEpochs, 0, epochs);
    Range.require("log-interval", logInterval, 1, Integer.MAX_VALUE);
  }

  /**
   * {@return the reference's recipe for a model}
   *
   * @param spec the model; one that has an official model's name has its recipe
   */
  public static Recipe of(ModelSpec spec) {
    return OfficialModel.named(spec.name()).map(RecipeFile::official).orElse(DEFAULT);
  }

  /**
   * {@return a rank's share of a batch in images}
   *
   * @param ranks how many ranks train together
   * @throws YoloxException if they cannot all take as many
   */
  public int batchOf(int ranks) {
    if (batch % ranks != 0) {
      throw new YoloxException(
          "A batch of %d images cannot be shared by %d ranks; expected a multiple of %d"
              .formatted(batch, ranks, ranks));
    }
    return batch / ranks;
  }

  /** Whether an epoch, counted from 0, has no mosaic, no mixup and the L1 loss. */
  boolean withoutAugmentation(int epoch) {
    return noAugmentationEpochs > 0 && epoch + 1 >= epochs - noAugmentationEpochs;
  }

  /** Whether accuracy is measured after an epoch, counted from 0. */
  boolean evaluatedAfter(int epoch) {
    return (epoch + 1) % evaluation.every() == 0
        || withoutAugmentation(epoch)
        || epoch + 1 == epochs;
  }
}
