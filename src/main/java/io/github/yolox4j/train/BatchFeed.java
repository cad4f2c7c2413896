package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.augment.BatchLoader;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A loader's batches with their pictures on the device. On a GPU the next batch travels there while
 * it computes with the present one. For one thread.
 */
final class BatchFeed implements AutoCloseable {

  private final BatchLoader loader;
  private final Optional<Cuda.Upload> upload;
  private Fed ahead; // null where none is on its way

  BatchFeed(BatchLoader loader, ComputeDevice device) {
    this.loader = loader;
    this.upload = device.cuda() ? Optional.of(new Cuda.Upload(device)) : Optional.empty();
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

  @Override
  public void close() {
    if (ahead != null) {
      ahead.close();
    }
    upload.ifPresent(Cuda.Upload::close);
  }
}
