package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.PthWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes a run's learner to files, and puts it back. The first rank alone reads and writes.
 *
 * @param plan the run
 * @param ranks the processes of the run
 * @param learner what is written
 */
record Checkpoints(TrainingPlan plan, Ranks ranks, Learner learner) {

  /** Puts every rank's learner where the run begins or goes on. */
  TrainingProgress begin() {
    TrainingProgress progress = TrainingProgress.START;
    if (plan.resume() && ranks.first()) {
      try (var _ = new Scope();
          SavedRun saved = SavedRun.open(plan.folder())) {
        progress = restore(saved);
      }
    }
    return ranks.size() == 1 ? progress : shared(progress);
  }

  private TrainingProgress restore(SavedRun saved) {
    String source = saved.source();
    long images = saved.number(SavedRun.IMAGES);
    if (images != plan.train().truth().images().size()
        || !saved.list(SavedRun.CLASSES).equals(plan.classNames())) {
      throw new YoloxException(
          "%s was trained on %d images of the classes %s; found %d of %s"
              .formatted(
                  source,
                  images,
                  saved.list(SavedRun.CLASSES),
                  plan.train().truth().images().size(),
                  plan.classNames()));
    }
    Networks.set(saved.arrays(SavedRun.TRAINED), learner.network().state(), source);
    Networks.set(saved.arrays(SavedRun.MOMENTUM), learner.momentum(), source);
    learner
        .average()
        .ifPresent(
            average -> {
              Networks.set(saved.model(), average.network().state(), source);
              average.resumeAt(saved.number(SavedRun.AVERAGE_UPDATES));
            });
    learner
        .scaler()
        .ifPresent(
            each ->
                each.restore(
                    saved.real(SavedRun.SCALE), (double) saved.number(SavedRun.SCALE_STEPS)));
    return new TrainingProgress(
        saved.number(SavedRun.ITERATION),
        saved.real(SavedRun.BEST_AP),
        Math.toIntExact(saved.number(SavedRun.BEST_EPOCH)),
        Math.toIntExact(saved.number(SavedRun.WITHOUT_BETTER)));
  }

  /** Gives every rank what the first one has. */
  private TrainingProgress shared(TrainingProgress progress) {
    try (var _ = new Scope();
        Device device = plan.device().toTorch()) {
      ranks.broadcast(List.copyOf(learner.network().state().values()));
      learner
          .average()
          .ifPresent(each -> ranks.broadcast(List.copyOf(each.network().state().values())));
      ranks.broadcast(List.copyOf(learner.momentum().values()));
      double[] scale = learner.scaler().map(GradientScaler::state).orElse(new double[2]);
      double[] numbers = {
        progress.iteration(),
        progress.bestAp(),
        progress.bestEpoch(),
        progress.withoutBetter(),
        learner.average().map(MovingAverage::updates).orElse(0L),
        scale[0],
        scale[1]
      };
      Tensor all = Tensors.of(numbers, numbers.length).to(device, ScalarType.Double);
      ranks.broadcast(List.of(all));
      double[] first = Tensors.toDoubles(all);
      learner.average().ifPresent(each -> each.resumeAt((long) first[4]));
      learner.scaler().ifPresent(each -> each.restore(first[5], first[6]));
      return new TrainingProgress((long) first[0], first[1], (int) first[2], (int) first[3]);
    }
  }

  /** Writes everything from which the run can go on. */
  void save(Path file, TrainingProgress progress) {
    Map<String, Object> own = own(progress);
    own.put(SavedRun.TRAINED, Networks.arrays(learner.network().state()));
    own.put(SavedRun.MOMENTUM, Networks.arrays(learner.momentum()));
    own.put(SavedRun.AVERAGE_UPDATES, learner.average().map(MovingAverage::updates).orElse(0L));
    learner
        .scaler()
        .map(GradientScaler::state)
        .ifPresent(
            scale -> {
              own.put(SavedRun.SCALE, scale[0]);
              own.put(SavedRun.SCALE_STEPS, (long) scale[1]);
            });
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
    root.put(SavedRun.MODEL, Networks.arrays(learner.learned()));
    root.put(SavedRun.OWN, own);
    PthWriter.write(file, root);
  }
}
