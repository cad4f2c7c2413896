package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.augment.BatchLoader;
import io.github.yolox4j.augment.ImageCache;
import io.github.yolox4j.augment.Sampler;
import io.github.yolox4j.augment.TrainingSamples;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A rank's batches of a run, with their pictures on the device. On a GPU the next batch travels
 * there while it computes with the present one. For one thread.
 */
final class BatchFeed implements AutoCloseable {

  private final ImageCache cache;
  private final BatchLoader loader;
  private final Optional<Cuda.Upload> upload;
  private Fed ahead; // null where none is on its way

  /** Begins with the batches of an iteration, counted from 0. */
  BatchFeed(
      TrainingPlan plan,
      Ranks ranks,
      Iterations iterations,
      long iteration,
      Consumer<String> notices) {
    Recipe recipe = plan.recipe();
    LoaderRecipe loading = recipe.loader();
    int perIteration = recipe.optimizer().accumulate();
    long cached = (long) loading.cacheMib() << 20;
    cache =
        switch (loading.cache()) {
          case NONE -> ImageCache.none();
          case MEMORY -> ImageCache.inMemory(cached);
          case DISK ->
              ImageCache.onDisk(
                  NewFolder.made(plan.folder().cache()), cached, ranks.size(), notices);
        };
    try {
      TrainingSamples samples =
          new TrainingSamples(
              plan.train(),
              recipe.augmentation(),
              new Letterbox(plan.spec().inputHeight(), plan.spec().inputWidth()),
              recipe.seed(),
              cache);
      loader =
          new BatchLoader(
              samples,
              new Sampler(samples.size(), recipe.seed(), ranks.rank(), ranks.size()),
              recipe.batchOf(ranks.size()),
              loading.threadCount(),
              iteration * perIteration,
              batch -> !iterations.at(batch / perIteration).last(),
              Duration.ofSeconds(loading.patience()));
    } catch (RuntimeException | Error e) {
      cache.close();
      throw e;
    }
    upload = plan.device().cuda() ? Optional.of(new Cuda.Upload(plan.device())) : Optional.empty();
  }

  /**
   * A batch.
   *
   * @param batch where it comes from
   * @param pictures [B, 3, H, W] bytes on the device, channels last in memory
   */
  record Fed(Batch batch, Tensor pictures) implements AutoCloseable {

    @Override
    public void close() {
      pictures.close();
      batch.close();
    }
  }

  /** Returns the next batch, which belongs to the caller. */
  Fed next() {
    Fed next = ahead == null ? take() : ahead;
    ahead = null;
    upload.ifPresent(each -> each.arrived(next.pictures()));
    return next;
  }

  /** Is to be called when a GPU has been given the work with the present batch. */
  void prepareNext() {
    if (upload.isPresent() && ahead == null) {
      ahead = take();
    }
  }

  private Fed take() {
    Batch batch;
    try {
      batch = loader.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new YoloxException("Training was interrupted", e);
    }
    int height = batch.height();
    int width = batch.width();
    long[] shape = {batch.size(), 3, height, width};
    long[] strides = {3L * height * width, 1, 3L * width, 3};
    try (var _ = new Scope()) {
      Tensor bytes = Tensors.view(batch.pixels(), ScalarType.Byte, shape, strides);
      Tensor pictures = upload.isPresent() ? upload.get().begin(bytes) : bytes;
      return new Fed(batch, pictures.retainReference());
    }
  }

  /** For how long a batch was waited for, in all. */
  long waitedNanos() {
    return loader.waitedNanos();
  }

  @Override
  public void close() {
    if (ahead != null) {
      ahead.close();
    }
    upload.ifPresent(Cuda.Upload::close);
    loader.close();
    cache.close();
  }
}
