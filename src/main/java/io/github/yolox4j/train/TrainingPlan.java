package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is trained with what.
 *
 * @param spec the model, which has as many classes as the images have categories
 * @param recipe how it is trained
 * @param train the images to learn from
 * @param validation the images on which accuracy is measured, of the same categories
 * @param weights where training begins; what does not fit the model is left out. Empty to begin
 *     with random weights
 * @param folder where the run's files go
 * @param resume whether the run in that folder goes on; its checkpoint then tells the recipe
 * @param device where the network computes
 * @param precision what convolutions compute in; weights, losses and updates have 32 bits
 */
public record TrainingPlan(
    ModelSpec spec,
    Recipe recipe,
    Dataset train,
    Optional<Dataset> validation,
    Optional<Path> weights,
    RunFolder folder,
    boolean resume,
    ComputeDevice device,
    Precision precision) {

  private static final int PICTURE_CHANNELS = 3;

  /** Checks that the parts fit together. */
  public TrainingPlan {
    List<GroundTruth.Category> categories = train.truth().categories();
    if (categories.size() != spec.classes()) {
      throw new YoloxException(
          "%s has %d categories; the model has %d classes"
              .formatted(train.truth().source(), categories.size(), spec.classes()));
    }
    if (train.truth().images().isEmpty()) {
      throw new YoloxException("%s has no images to train on".formatted(train.truth().source()));
    }
    if (spec.inputChannels() != PICTURE_CHANNELS) {
      throw new YoloxException(
          "Model %s reads %d channels; training pictures have %d"
              .formatted(spec.name(), spec.inputChannels(), PICTURE_CHANNELS));
    }
  }

  /** The names of the classes. */
  List<String> classNames() {
    return train.truth().categories().stream().map(GroundTruth.Category::name).toList();
  }

  /** The updates of an epoch; the last batch of an epoch takes images of the next one's order. */
  long iterationsPerEpoch() {
    int perUpdate = recipe.batch() * recipe.optimizer().accumulate();
    return Math.ceilDiv(train.truth().images().size(), perUpdate);
  }
}
