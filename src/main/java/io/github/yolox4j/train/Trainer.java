package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.augment.BatchLoader;
import io.github.yolox4j.augment.ImageCache;
import io.github.yolox4j.augment.Sampler;
import io.github.yolox4j.augment.TrainingSamples;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.ModelDetections;
import io.github.yolox4j.eval.Shard;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.ResidentMemory;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Waiting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
  private final long perEpoch;
  private final LearningRate rate;
  private final Multiscale sizes;
  private final TrainingClock clock;
  private final TrainingState state;
  private final TrainingStep step;
  private TrainingProgress progress = TrainingProgress.START;

  private Trainer(TrainingPlan plan, Ranks ranks, TrainingListener listener, TrainingState state) {
    this.plan = plan;
    this.ranks = ranks;
    this.recipe = plan.recipe();
    this.listener = listener;
    this.folder = plan.folder();
    this.state = state;
    perEpoch = plan.iterationsPerEpoch();
    rate =
        new LearningRate(
            recipe.schedule(),
            recipe.optimizer().rate(recipe.batch()),
            perEpoch,
            recipe.epochs(),
            recipe.noAugmentationEpochs());
    sizes =
        new Multiscale(
            plan.spec().inputHeight(),
            plan.spec().inputWidth(),
            recipe.multiscale(),
            recipe.seed());
    clock = new TrainingClock(recipe.epochs() * perEpoch, imagesPerIteration());
    step =
        state.step(
            DetectionLoss.of(
                recipe.loss().assignment(),
                recipe.loss().box(),
                recipe.loss().normalize().over(ranks),
                plan.device(),
                message -> listener.on(new TrainingEvent.Noticed(message))));
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
    try (Ranks alone = Ranks.join(Optional.empty(), plan.device(), Ranks.PATIENCE)) {
      return train(plan, alone, listener);
    }
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
    LibTorch.load();
    try (var _ = new Scope();
        TrainingState state =
            new TrainingState(
                plan, ranks, message -> listener.on(new TrainingEvent.Noticed(message)))) {
      TrainingProgress progress = TrainingProgress.START;
      if (plan.resume() && ranks.first()) {
        try (SavedRun saved = SavedRun.open(plan.folder())) {
          progress = state.restore(saved);
        }
      }
      progress = state.share(progress);
      Trainer trainer =
          new Trainer(
              plan, ranks, ranks.first() ? recorded(plan, progress, listener) : listener, state);
      trainer.progress = progress;
      return trainer.run();
    }
  }

  /** Writes the run's metrics besides telling the listener. */
  private static TrainingListener recorded(
      TrainingPlan plan, TrainingProgress progress, TrainingListener listener) {
    MetricsFile metrics;
    if (plan.resume()) {
      metrics = MetricsFile.resume(plan.folder().metrics(), progress.iteration());
    } else {
      metrics = MetricsFile.begin(plan.folder().metrics());
      String config = RecipeFile.write(plan.spec(), plan.recipe());
      AtomicFile.write(
          plan.folder().config(), out -> out.write(config.getBytes(StandardCharsets.UTF_8)));
    }
    return event -> {
      metrics.on(event);
      listener.on(event);
    };
  }

  private int imagesPerIteration() {
    return recipe.batch() * recipe.optimizer().accumulate();
  }

  private TrainingResult run() {
    listener.on(
        new TrainingEvent.Started(
            plan.spec(),
            recipe,
            plan.classNames(),
            plan.train().truth().images().size(),
            plan.validation(),
            perEpoch,
            progress.iteration()));
    noticeClassesWithoutObjects();
    long images = plan.train().truth().images().size();
    try (ImageCache cache = cache()) {
      TrainingSamples samples =
          new TrainingSamples(
              plan.train(),
              recipe.augmentation(),
              new Letterbox(plan.spec().inputHeight(), plan.spec().inputWidth()),
              recipe.seed(),
              cache);
      Sampler sampler =
          new Sampler(Math.toIntExact(images), recipe.seed(), ranks.rank(), ranks.size());
      int accumulate = recipe.optimizer().accumulate();
      try (BatchLoader loader =
          new BatchLoader(
              samples,
              sampler,
              recipe.batchOf(ranks.size()),
              recipe.loader().threadCount(),
              progress.iteration() * accumulate,
              batch -> !recipe.withoutAugmentation(epoch(batch / accumulate)),
              Duration.ofSeconds(recipe.loader().patience()))) {
        try (BatchFeed feed = new BatchFeed(loader, plan.device())) {
          iterate(loader, feed);
        }
      }
    }
    TrainingResult result =
        new TrainingResult(
            epoch(progress.iteration()),
            progress.bestEpoch() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(progress.bestAp()),
            progress.bestEpoch(),
            clock.seconds());
    listener.on(new TrainingEvent.Finished(result));
    return result;
  }

  private int epoch(long iteration) {
    return Math.toIntExact(iteration / perEpoch);
  }

  private ImageCache cache() {
    return switch (recipe.loader().cache()) {
      case NONE -> ImageCache.none();
      case MEMORY -> ImageCache.inMemory((long) recipe.loader().cacheMib() << 20);
      case DISK -> {
        Path place = NewFolder.made(folder.cache());
        yield ImageCache.onDisk(place, message -> listener.on(new TrainingEvent.Noticed(message)));
      }
    };
  }

  private void noticeClassesWithoutObjects() {
    GroundTruth truth = plan.train().truth();
    boolean[] seen = new boolean[truth.categories().size()];
    for (int i = 0; i < truth.size(); i++) {
      seen[truth.category(i)] |= !truth.crowd(i);
    }
    for (int k = 0; k < seen.length; k++) {
      if (!seen[k]) {
        listener.on(
            new TrainingEvent.Noticed(
                "Class '%s' has no objects in %s; it cannot be learned"
                    .formatted(truth.categories().get(k).name(), truth.source())));
      }
    }
  }

  private void iterate(BatchLoader loader, BatchFeed feed) {
    state.trainMode();
    clock.begin(progress.iteration());
    long total = recipe.epochs() * perEpoch;
    boolean first = true;
    while (progress.iteration() < total) {
      long iteration = progress.iteration();
      boolean switched =
          iteration % perEpoch == 0
              && recipe.withoutAugmentation(epoch(iteration))
              && !recipe.withoutAugmentation(epoch(iteration) - 1);
      iterate(loader, feed, first || switched);
      first = false;
      progress = progress.at(iteration + 1);
      if (progress.iteration() % perEpoch == 0) {
        try (Waiting _ = plan.device().waiting()) {
          endEpoch(epoch(iteration));
        }
        int patience = recipe.evaluation().patience();
        if (patience > 0 && progress.withoutBetter() >= patience) {
          listener.on(
              new TrainingEvent.Noticed(
                  "AP has not grown for %d evaluations; training ends".formatted(patience)));
          return;
        }
      } else if (clock.checkpointDue(recipe.checkpoint().minutes())) {
        try (Waiting _ = plan.device().waiting()) {
          saveLatest();
        }
      }
    }
  }

  private void iterate(BatchLoader loader, BatchFeed feed, boolean shown) {
    long iteration = progress.iteration();
    int epoch = epoch(iteration);
    boolean l1 = recipe.withoutAugmentation(epoch);
    boolean reported =
        (iteration % perEpoch + 1) % recipe.logInterval() == 0 || (iteration + 1) % perEpoch == 0;
    Multiscale.Size size = sizes.at(iteration);
    double now = rate.at(iteration);
    LossValues values = null;
    try (var _ = new Scope()) {
      int accumulate = recipe.optimizer().accumulate();
      for (int part = 0; part < accumulate; part++) {
        try (BatchFeed.Fed fed = feed.next()) {
          Batch batch = fed.batch();
          if (shown && part == 0) {
            listener.on(new TrainingEvent.FirstBatch(batch));
          }
          Losses losses =
              step.accumulate(
                  pictures(fed, size),
                  Multiscale.resize(batch.labels(), batch.height(), batch.width(), size),
                  l1,
                  accumulate);
          if (reported || !plan.device().cuda()) { // a GPU is asked only for what is shown
            try (Waiting _ = plan.device().waiting()) {
              values = LossValues.of(losses);
            }
            requireFinite(values, batch, now);
          }
          losses.close();
        }
      }
      step.update(now);
    } catch (RuntimeException e) {
      throw LibTorch.outOfMemory(e) ? tooLarge(size, e) : e;
    }
    feed.prepareNext();
    if (reported) {
      report(loader, values, size, now);
    }
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

  /** [B, 3, H, W] in 32 bits, channels last in memory. */
  private static Tensor pictures(BatchFeed.Fed fed, Multiscale.Size size) {
    return Multiscale.resize(fed.pictures().to(ScalarType.Float), size);
  }

  private void requireFinite(LossValues values, Batch batch, double now) {
    if (Double.isFinite(values.total())) {
      return;
    }
    String names =
        IntStream.range(0, batch.size())
            .mapToObj(i -> Path.of(batch.labels().name(i)).getFileName().toString())
            .collect(Collectors.joining(", "));
    throw new YoloxException(
        "The loss is %s in epoch %d, iteration %d, at learning rate %.3g, on the images %s; a lower"
                .formatted(
                    values.total(),
                    epoch(progress.iteration()) + 1,
                    progress.iteration() % perEpoch + 1,
                    now,
                    names)
            + " optimizer.rate or an optimizer.clip-norm of 10 may help");
  }

  private void report(BatchLoader loader, LossValues values, Multiscale.Size size, double now) {
    long iteration = progress.iteration();
    TrainingClock.Reading reading = clock.read(iteration + 1, loader.waitedNanos());
    listener.on(
        new TrainingEvent.Stepped(
            epoch(iteration) + 1,
            iteration % perEpoch + 1,
            iteration + 1,
            now,
            size.height(),
            size.width(),
            values,
            reading.imagesPerSecond(),
            reading.waiting(),
            reading.secondsLeft(),
            ResidentMemory.bytes(),
            plan.device().cuda() ? Cuda.peakBytes(plan.device()) : 0));
    if (!plan.device().cuda()) {
      clock.warning().ifPresent(message -> listener.on(new TrainingEvent.Noticed(message)));
    }
  }

  private void endEpoch(int epoch) {
    clock.pause();
    if (plan.validation().isPresent() && recipe.evaluatedAfter(epoch)) {
      evaluate(plan.validation().get(), epoch);
    } else if (plan.validation().isEmpty()) {
      save(folder.best(), false);
    }
    if (recipe.withoutAugmentation(epoch + 1) && !recipe.withoutAugmentation(epoch)) {
      save(folder.lastMosaicEpoch(), false);
    }
    if (recipe.checkpoint().history()) {
      save(folder.epoch(epoch + 1), false);
    }
    saveLatest();
    clock.goOn();
  }

  private void evaluate(Dataset validation, int epoch) {
    DetectorOptions options =
        DetectorOptions.DEFAULTS
            .withConfidence(recipe.evaluation().confidence())
            .withNms(recipe.evaluation().nms())
            .withAgnostic(false)
            .withClipping(false)
            .withClassNames(plan.classNames())
            .withDevice(plan.device());
    state.averageStatistics();
    Detections own;
    try (Detector detector = Detector.of(state.best(), options)) {
      Shard shard = new Shard(ranks.rank(), ranks.size());
      own = ModelDetections.detect(detector, validation, shard, plan.device(), 1, _ -> {});
    }
    List<byte[]> parts = ranks.gather(own.toBytes());
    Detections found = Detections.inImageOrder(validation.truth(), parts);
    CocoMetrics metrics = CocoEvaluator.evaluate(found).metrics();
    progress = progress.evaluated(metrics.ap(), epoch + 1);
    boolean best = progress.bestEpoch() == epoch + 1;
    if (best) {
      save(folder.best(), false);
    }
    listener.on(new TrainingEvent.Evaluated(epoch + 1, progress.iteration(), metrics, best, found));
  }

  private void saveLatest() {
    save(folder.latest(), true);
    clock.checkpointWritten();
  }

  private void save(Path file, boolean resumable) {
    if (!ranks.first()) {
      return;
    }
    if (resumable) {
      state.save(file, progress);
    } else {
      state.export(file, progress);
    }
    listener.on(new TrainingEvent.Saved(file));
  }
}
