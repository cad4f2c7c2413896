package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch;

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
    if (!train.truth().learnable()) {
      throw new YoloxException("%s has no objects to learn from".formatted(train.truth().source()));
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

  /** The names of the classes that cannot be learned from the images. */
  List<String> classesWithoutObjects() {
    GroundTruth truth = train.truth();
    boolean[] seen = new boolean[truth.categories().size()];
    for (int i = 0; i < truth.size(); i++) {
      seen[truth.category(i)] |= !truth.crowd(i);
    }
    return IntStream.range(0, seen.length)
        .filter(k -> !seen[k])
        .mapToObj(k -> truth.categories().get(k).name())
        .toList();
  }

  /** Makes the network with which training begins, owned by the caller; tells what is left out. */
  YoloX network(Consumer<String> notices) {
    LibTorch.load();
    torch.manual_seed(recipe.seed());
    YoloX network = YoloX.create(spec);
    try {
      weights.ifPresent(file -> load(network, file, notices));
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private void load(YoloX network, Path file, Consumer<String> notices) {
    try (Weights arrays = Weights.read(file)) {
      WeightsMatch match = Networks.load(network, arrays);
      if (match.matched().isEmpty()) {
        throw new YoloxException("%s has no weights for model %s".formatted(file, spec.name()));
      }
      if (!match.exact()) {
        notices.accept(
            "%s: %d tensors fit the model; left out: %s"
                .formatted(file, match.matched().size(), match.describe()));
      }
    }
  }

  /** The updates of an epoch; the last batch of an epoch takes images of the next one's order. */
  long iterationsPerEpoch() {
    int perUpdate = recipe.batch() * recipe.optimizer().accumulate();
    return Math.ceilDiv(train.truth().images().size(), perUpdate);
  }
}
