package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.dist.GradientAverage;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.model.StrictYaml;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.PthWriter;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * All that changes while training: the network, its average, momentum, the gradient scale. Owns the
 * networks; its other native objects belong to the scope in which it was made.
 */
final class TrainingState implements AutoCloseable {

  private final TrainingPlan plan;
  private final Ranks ranks;
  private final YoloX network;
  private final YoloX averaged;
  private final TrainableNetwork trainable;
  private final TrainableNetwork average;
  private final Sgd sgd;
  private final Optional<MovingAverage> movingAverage;
  private final Optional<GradientScaler> scaler;
  private final GradientAverage gradients;

  TrainingState(TrainingPlan plan, Ranks ranks, Consumer<String> notices) {
    this.plan = plan;
    this.ranks = ranks;
    Recipe recipe = plan.recipe();
    torch.manual_seed(recipe.seed());
    network = YoloX.create(plan.spec());
    averaged = YoloX.create(plan.spec());
    plan.weights().ifPresent(weights -> load(weights, notices));
    try (Device device = plan.device().toTorch()) {
      for (YoloX each : List.of(network, averaged)) {
        each.to(device, false);
        Networks.toChannelsLast(each);
      }
      scaler =
          plan.precision() == Precision.FP16
              ? Optional.of(new GradientScaler(device))
              : Optional.empty();
    }
    freeze();
    trainable = TrainableNetwork.of(network);
    average = TrainableNetwork.of(averaged);
    Networks.set(Networks.arrays(trainable.state()), average.state(), "the network");
    averaged.eval();
    sgd = new Sgd(trainable, recipe.optimizer().momentum(), recipe.optimizer().weightDecay());
    movingAverage =
        recipe.average().enabled()
            ? Optional.of(new MovingAverage(average, trainable, recipe.average()))
            : Optional.empty();
    gradients = ranks.gradients(trainable.trained());
  }

  private void load(Path file, Consumer<String> notices) {
    try (Weights weights = Weights.read(file)) {
      WeightsMatch match = Networks.load(network, weights);
      if (match.matched().isEmpty()) {
        throw new YoloxException(
            "%s has no weights for model %s".formatted(file, plan.spec().name()));
      }
      if (!match.exact()) {
        notices.accept(
            "%s: %d tensors fit the model; left out: %s"
                .formatted(file, match.matched().size(), match.describe()));
      }
    }
  }

  private void freeze() {
    for (String prefix : plan.recipe().freeze()) {
      try (var _ = new Scope()) {
        Map<String, Tensor> state = network.stateDict();
        List<String> frozen =
            state.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
        if (frozen.isEmpty()) {
          throw new YoloxException(
              "'freeze' names '%s', with which no parameter begins; did you mean '%s'?"
                  .formatted(prefix, StrictYaml.nearest(prefix, state.keySet())));
        }
        for (String key : frozen) {
          if (state.get(key).is_floating_point()) {
            state.get(key).set_requires_grad(false);
          }
        }
      }
    }
  }

  /** Sets the network to training, except for the BatchNorm statistics of what is frozen. */
  void trainMode() {
    network.train(true);
    if (plan.recipe().freeze().isEmpty()) {
      return;
    }
    try (var _ = new Scope()) {
      StringSharedModuleDict modules = network.named_modules("", false);
      for (long i = 0; i < modules.size(); i++) {
        String key = modules.get(i).key().getString();
        Module module = modules.get(i).value();
        if (plan.recipe().freeze().stream().anyMatch(key::startsWith)) {
          module.eval();
        }
      }
    }
  }

  TrainingStep step(DetectionLoss loss) {
    return new TrainingStep(
        trainable,
        ranks.size() > 1
            ? new RankPropagation(trainable, gradients)
            : Propagation.fastest(trainable, plan.device(), plan.precision()),
        loss,
        sgd,
        movingAverage,
        scaler,
        plan.device(),
        plan.precision(),
        plan.recipe().optimizer().clipNorm());
  }

  /**
   * Gives every rank what the first one has.
   *
   * @param progress how far the first rank is
   * @return the same on all ranks
   */
  TrainingProgress share(TrainingProgress progress) {
    if (ranks.size() == 1) {
      return progress;
    }
    try (var _ = new Scope();
        Device device = plan.device().toTorch()) {
      ranks.broadcast(List.copyOf(trainable.state().values()));
      ranks.broadcast(List.copyOf(average.state().values()));
      ranks.broadcast(List.copyOf(sgd.momentum().values()));
      double[] scale = scaler.map(GradientScaler::state).orElse(new double[2]);
      double[] numbers = {
        progress.iteration(),
        progress.bestAp(),
        progress.bestEpoch(),
        progress.withoutBetter(),
        movingAverage.map(MovingAverage::updates).orElse(0L),
        scale[0],
        scale[1]
      };
      Tensor shared = Tensors.of(numbers, numbers.length).to(device, ScalarType.Double);
      ranks.broadcast(List.of(shared));
      double[] first = Tensors.toDoubles(shared);
      movingAverage.ifPresent(each -> each.resumeAt((long) first[4]));
      scaler.ifPresent(each -> each.restore(first[5], first[6]));
      return new TrainingProgress((long) first[0], first[1], (int) first[2], (int) first[3]);
    }
  }

  /** Gives all ranks the mean of their BatchNorm statistics, which each has of its own images. */
  void averageStatistics() {
    ranks.average(trainable.statistics());
    ranks.average(average.statistics());
  }

  /** The network that is evaluated and saved. */
  YoloX best() {
    return movingAverage.isPresent() ? averaged : network;
  }

  /** Writes everything from which the run can go on. */
  void save(Path file, TrainingProgress progress) {
    Map<String, Object> own = own(progress);
    own.put(SavedRun.TRAINED, Networks.arrays(trainable.state()));
    own.put(SavedRun.MOMENTUM, Networks.arrays(sgd.momentum()));
    own.put(SavedRun.AVERAGE_UPDATES, movingAverage.map(MovingAverage::updates).orElse(0L));
    if (scaler.isPresent()) {
      double[] scale = scaler.get().state();
      own.put(SavedRun.SCALE, scale[0]);
      own.put(SavedRun.SCALE_STEPS, (long) scale[1]);
    }
    write(file, own);
  }

  /** Writes the weights to use, and what they are. */
  void export(Path file, TrainingProgress progress) {
    write(file, own(progress));
  }

  private Map<String, Object> own(TrainingProgress progress) {
    Map<String, Object> own = new LinkedHashMap<>();
    own.put(SavedRun.FORMAT, SavedRun.VERSION);
    own.put(SavedRun.ITERATION, progress.iteration());
    own.put(SavedRun.BEST_AP, progress.bestAp());
    own.put(SavedRun.BEST_EPOCH, (long) progress.bestEpoch());
    own.put(SavedRun.WITHOUT_BETTER, (long) progress.withoutBetter());
    own.put(SavedRun.IMAGES, (long) plan.train().truth().images().size());
    own.put(SavedRun.CLASSES, new ArrayList<>(plan.classNames()));
    own.put(SavedRun.CONFIG, RecipeFile.write(plan.spec(), plan.recipe()));
    return own;
  }

  private void write(Path file, Map<String, Object> own) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put(SavedRun.MODEL, Networks.arrays(best()));
    root.put(SavedRun.OWN, own);
    PthWriter.write(file, root);
  }

  /** Goes on from a checkpoint. */
  TrainingProgress restore(SavedRun saved) {
    long images = saved.number(SavedRun.IMAGES);
    if (images != plan.train().truth().images().size()
        || !saved.list(SavedRun.CLASSES).equals(plan.classNames())) {
      throw new YoloxException(
          "%s was trained on %d images of the classes %s; found %d of %s"
              .formatted(
                  saved.source(),
                  images,
                  saved.list(SavedRun.CLASSES),
                  plan.train().truth().images().size(),
                  plan.classNames()));
    }
    Networks.set(saved.arrays(SavedRun.TRAINED), trainable.state(), saved.source());
    Networks.set(saved.model(), average.state(), saved.source());
    Networks.set(saved.arrays(SavedRun.MOMENTUM), sgd.momentum(), saved.source());
    movingAverage.ifPresent(each -> each.resumeAt(saved.number(SavedRun.AVERAGE_UPDATES)));
    scaler.ifPresent(
        each ->
            each.restore(saved.real(SavedRun.SCALE), (double) saved.number(SavedRun.SCALE_STEPS)));
    return new TrainingProgress(
        saved.number(SavedRun.ITERATION),
        saved.real(SavedRun.BEST_AP),
        Math.toIntExact(saved.number(SavedRun.BEST_EPOCH)),
        Math.toIntExact(saved.number(SavedRun.WITHOUT_BETTER)));
  }

  @Override
  public void close() {
    gradients.close();
    network.close();
    averaged.close();
  }
}
