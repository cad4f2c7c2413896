package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.ResidentMemory;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Waiting;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Trains a detector as the reference does (arXiv 2107.08430, section 2), on one device or on
 * several. A run that was killed goes on from its last checkpoint as if it had never been stopped:
 * all randomness follows from the seed and the position in the run.
 */
public final class Trainer {

  private final TrainingPlan plan;
  private final Ranks ranks;
  private final Recipe recipe;
  private final TrainingListener listener;
  private final RunFolder folder;
  private final Iterations iterations;
  private final Learner learner;
  private final Checkpoints checkpoints;
  private final Validation validation;
  private final TrainingClock clock;
  private TrainingProgress progress;

  private Trainer(
      TrainingPlan plan,
      Ranks ranks,
      TrainingListener listener,
      Checkpoints checkpoints,
      TrainingProgress progress) {
    this.plan = plan;
    this.ranks = ranks;
    this.recipe = plan.recipe();
    this.listener = listener;
    this.folder = plan.folder();
    this.iterations = new Iterations(plan);
    this.learner = checkpoints.learner();
    this.checkpoints = checkpoints;
    this.validation = new Validation(plan, ranks, learner);
    this.progress = progress;
    clock =
        new TrainingClock(
            iterations.count(), recipe.batch() * recipe.optimizer().accumulate(), progress);
  }

  /**
   * Trains until the last epoch, or until accuracy has not grown for as long as the recipe allows.
   * Everything happens on the calling thread, except for the making of samples.
   *
   * @param plan what is trained
   * @param listener is told what happens
   * @return how it ended
   * @throws YoloxException if a file cannot be read or written, if the network's predictions or the
   *     loss are not finite, or if the plan does not fit the run that is resumed; what was written
   *     before stays whole
   */
  public static TrainingResult train(TrainingPlan plan, TrainingListener listener) {
    return train(plan, Ranks.alone(), listener);
  }

  /**
   * Trains together with other processes, each on its share of every batch. The first rank alone
   * reads the checkpoint of a run that goes on, writes files and is told what happens; it may go on
   * with another number of ranks than the run began with.
   *
   * @param plan what is trained, the same on all ranks but for the device
   * @param ranks the processes
   * @param listener is told what happens, on rank 0
   * @return how it ended
   * @throws YoloxException as {@link #train(TrainingPlan, TrainingListener)} does, if the batch
   *     cannot be shared evenly, or if another rank was lost; the other ranks are told of a failure
   */
  public static TrainingResult train(TrainingPlan plan, Ranks ranks, TrainingListener listener) {
    try {
      return begin(plan, ranks, ranks.first() ? listener : _ -> {});
    } catch (RuntimeException | Error e) {
      ranks.failed(e.getMessage());
      throw e;
    }
  }

  private static TrainingResult begin(TrainingPlan plan, Ranks ranks, TrainingListener listener) {
    plan.recipe().batchOf(ranks.size()); // before anything is written
    Consumer<String> notices = message -> listener.on(new TrainingEvent.Noticed(message));
    try (Learner learner =
        new Learner(
            plan.network(notices),
            plan.recipe(),
            plan.device(),
            plan.precision(),
            ranks,
            notices)) {
      Checkpoints checkpoints = new Checkpoints(plan, ranks, learner);
      TrainingProgress progress = checkpoints.begin();
      TrainingListener all =
          ranks.first() ? MetricsFile.of(plan, progress).before(listener) : listener;
      return new Trainer(plan, ranks, all, checkpoints, progress).run();
    }
  }

  private TrainingResult run() {
    listener.on(
        new TrainingEvent.Started(
            plan.spec(),
            recipe,
            plan.classNames(),
            plan.train().truth().images().size(),
            plan.validation(),
            iterations.perEpoch(),
            progress.iteration()));
    for (String name : plan.classesWithoutObjects()) {
      notice(
          "Class '%s' has no objects in %s; it cannot be learned"
              .formatted(name, plan.train().truth().source()));
    }
    try (BatchFeed feed =
        new BatchFeed(plan, ranks, iterations, progress.iteration(), this::notice)) {
      epochs(feed);
    }
    TrainingResult result =
        new TrainingResult(
            iterations.epochs(progress.iteration()),
            progress.bestEpoch() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(progress.bestAp()),
            progress.bestEpoch(),
            clock.seconds());
    listener.on(new TrainingEvent.Finished(result));
    return result;
  }

  private void epochs(BatchFeed feed) {
    long first = progress.iteration();
    for (long i = first; i < iterations.count(); i++) {
      Iteration now = iterations.at(i);
      iterate(feed, now, i == first || now.switched());
      progress = progress.at(i + 1);
      boolean ended = now.inEpoch() + 1 == iterations.perEpoch();
      if (ended) {
        endEpoch(now.epoch());
      } else if (clock.checkpointDue(recipe.checkpoint().minutes())) {
        saveLatest();
      }
      int patience = recipe.evaluation().patience();
      if (ended && patience > 0 && progress.withoutBetter() >= patience) {
        notice("AP has not grown for %d evaluations; training ends".formatted(patience));
        return;
      }
    }
  }

  private void notice(String message) {
    listener.on(new TrainingEvent.Noticed(message));
  }

  private void iterate(BatchFeed feed, Iteration now, boolean shown) {
    LossValues values = null;
    try (var _ = new Scope()) {
      for (int part = 0; part < recipe.optimizer().accumulate(); part++) {
        try (BatchFeed.Fed fed = feed.next()) {
          if (shown && part == 0) {
            listener.on(new TrainingEvent.FirstBatch(fed.batch()));
          }
          try (Losses losses = accumulate(fed, now)) {
            if (now.reported() || !plan.device().cuda()) { // a GPU is asked only for what is shown
              values = values(losses, fed.batch(), now);
            }
          }
        }
      }
      learner.update(now.rate());
    } catch (RuntimeException e) {
      throw LibTorch.outOfMemory(e) ? tooLarge(now.size(), e) : e;
    }
    feed.prepareNext();
    if (now.reported()) {
      report(values, now, feed.waitedNanos());
    }
  }

  private Losses accumulate(BatchFeed.Fed fed, Iteration now) {
    Batch batch = fed.batch();
    // [B, 3, H, W] in 32 bits, channels last in memory
    Tensor pictures = Multiscale.resize(fed.pictures().to(ScalarType.Float), now.size());
    return learner.accumulate(
        pictures,
        Multiscale.resize(batch.labels(), batch.height(), batch.width(), now.size()),
        now.last());
  }

  private LossValues values(Losses losses, Batch batch, Iteration now) {
    LossValues values;
    try (Waiting _ = plan.device().waiting()) {
      values = LossValues.of(losses);
    }
    if (Double.isFinite(values.total())) {
      return values;
    }
    String names =
        IntStream.range(0, batch.size())
            .mapToObj(i -> Path.of(batch.labels().name(i)).getFileName().toString())
            .collect(Collectors.joining(", "));
    throw new YoloxException(
        "The loss is %s in epoch %d, iteration %d, at learning rate %.3g, on the images %s; a lower"
                .formatted(values.total(), now.epoch() + 1, now.inEpoch() + 1, now.rate(), names)
            + " optimizer.rate or an optimizer.clip-norm of 10 may help");
  }

  private YoloxException tooLarge(Multiscale.Size size, RuntimeException e) {
    int images = recipe.batchOf(ranks.size());
    String advice =
        images == 1
            ? "a smaller input may fit"
            : "a 'batch' of %d may fit, and with an 'optimizer.accumulate' of %d trains alike"
                .formatted(recipe.batch() / 2, recipe.optimizer().accumulate() * 2);
    return new YoloxException(
        "%s has too little memory for %d images of %dx%d at once; %s: %s"
            .formatted(
                plan.device(), images, size.width(), size.height(), advice, LibTorch.firstLine(e)),
        e);
  }

  private void report(LossValues values, Iteration now, long waitedNanos) {
    TrainingClock.Reading reading = clock.read(now.number() + 1, waitedNanos);
    listener.on(
        new TrainingEvent.Stepped(
            now.epoch() + 1,
            now.inEpoch() + 1,
            now.number() + 1,
            now.rate(),
            now.size().height(),
            now.size().width(),
            values,
            reading.imagesPerSecond(),
            reading.waiting(),
            reading.secondsLeft(),
            ResidentMemory.bytes(),
            plan.device().cuda() ? Cuda.peakBytes(plan.device()) : 0));
    if (!plan.device().cuda()) {
      clock.warning().ifPresent(this::notice);
    }
  }

  private void endEpoch(int epoch) {
    clock.pause();
    try (var _ = new Scope();
        Waiting _ = plan.device().waiting()) {
      if (plan.validation().isPresent() && recipe.evaluatedAfter(epoch)) {
        evaluate(plan.validation().get(), epoch);
      } else if (plan.validation().isEmpty()) {
        export(folder.best());
      }
      if (recipe.withoutAugmentation(epoch + 1) && !recipe.withoutAugmentation(epoch)) {
        export(folder.lastMosaicEpoch());
      }
      if (recipe.checkpoint().history()) {
        export(folder.epoch(epoch + 1));
      }
    }
    saveLatest();
    clock.goOn();
  }

  private void evaluate(Dataset images, int epoch) {
    Detections found = validation.run(images);
    CocoMetrics metrics = CocoEvaluator.evaluate(found).metrics();
    progress = progress.evaluated(metrics.ap(), epoch + 1);
    boolean best = progress.bestEpoch() == epoch + 1;
    if (best) {
      export(folder.best());
    }
    listener.on(new TrainingEvent.Evaluated(epoch + 1, progress.iteration(), metrics, best, found));
  }

  private void saveLatest() {
    if (ranks.first()) {
      try (var _ = new Scope();
          Waiting _ = plan.device().waiting()) {
        checkpoints.save(folder.latest(), progress);
      }
      listener.on(new TrainingEvent.Saved(folder.latest()));
    }
    clock.checkpointWritten();
  }

  private void export(Path file) {
    if (ranks.first()) {
      checkpoints.export(file, progress);
      listener.on(new TrainingEvent.Saved(file));
    }
  }
}
