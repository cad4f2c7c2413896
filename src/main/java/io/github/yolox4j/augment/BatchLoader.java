package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.image.OpenCv;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongPredicate;

/**
 * Makes batches ahead of their use, on threads of its own that work on several samples of a batch
 * at once. The batches are the same for any number of threads, and come in order. Takes memory for
 * three batches, and for more only where there are more threads than samples in a batch.
 *
 * <p>{@link #next} and {@link #close} are called by one thread.
 */
public final class BatchLoader implements AutoCloseable {

  /** One batch is with the caller and one is complete while others are being filled. */
  private static final int COMPLETE_BATCHES = 2;

  /** A batch that samples are written into. */
  private record Filling(long number, MemorySegment pixels, List<PendingSample> samples) {}

  private final TrainingSamples samples;
  private final Sampler sampler;
  private final int batchSize;
  private final LongPredicate mosaicAt;
  private final Duration sampleLimit;
  private final Arena arena = Arena.ofShared();
  private final SampleThreads threads;
  private final Queue<Filling> batches = new ArrayDeque<>();
  private long nextBatch;
  private boolean closed;
  private long waited;

  /**
   * Begins to make batches.
   *
   * @param samples what batches are made of
   * @param sampler which images, in which order; of as many images as {@code samples}
   * @param batchSize samples in a batch, at least 1
   * @param threads how many threads make samples, at least 1
   * @param firstBatch the number of the first batch, at least 0; to resume, how many came before
   * @param mosaicAt tells of a batch's number whether mosaic and mixup are on; called in the
   *     batches' order
   * @param sampleLimit how long a sample may take before {@link #next} gives up on it
   * @throws YoloxException if a number is out of its range, or the sampler is for another number of
   *     images
   */
  public BatchLoader(
      TrainingSamples samples,
      Sampler sampler,
      int batchSize,
      int threads,
      long firstBatch,
      LongPredicate mosaicAt,
      Duration sampleLimit) {
    require("batch size", batchSize, 1);
    require("number of loader threads", threads, 1);
    require("first batch", firstBatch, 0);
    if (sampler.images() != samples.size()) {
      throw new YoloxException(
          "The sampler is for %d images; expected the data set's %d"
              .formatted(sampler.images(), samples.size()));
    }
    OpenCv.load();
    this.samples = samples;
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.mosaicAt = mosaicAt;
    this.sampleLimit = sampleLimit;
    this.nextBatch = firstBatch;
    // a thread that is stuck may still write to the memory, which is free when all have ended
    this.threads = new SampleThreads(threads, samples, arena::close);
    try {
      int buffers = COMPLETE_BATCHES + Math.ceilDiv(threads, batchSize);
      for (int i = 0; i < buffers; i++) {
        begin(arena.allocate(Math.multiplyExact(batchSize, sampleBytes())));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static void require(String name, long value, long least) {
    if (value < least) {
      throw new YoloxException("The %s is %d; expected at least %d".formatted(name, value, least));
    }
  }

  private long sampleBytes() {
    return Pixels.bytes(samples.input().width(), samples.input().height());
  }

  /** Has the next batch made in memory that is free. */
  private void begin(MemorySegment pixels) {
    long number = nextBatch++;
    boolean mosaic = mosaicAt.test(number);
    List<PendingSample> parts = new ArrayList<>();
    for (int slot = 0; slot < batchSize; slot++) {
      Sampler.Pick pick = sampler.at(Math.addExact(number * batchSize, slot));
      MemorySegment place = pixels.asSlice(slot * sampleBytes(), sampleBytes());
      PendingSample sample =
          new PendingSample(
              () -> samples.file(pick.image()),
              maker -> maker.make(pick.image(), pick.pass(), mosaic, place));
      parts.add(sample);
      threads.begin(sample);
    }
    batches.add(new Filling(number, pixels, parts));
  }

  /**
   * Waits for the next batch.
   *
   * @return the batch, to be closed by the caller before the loader
   * @throws YoloxException if a sample of this batch cannot be made, or takes longer than its
   *     limit; the message names the image
   * @throws InterruptedException if this thread is interrupted while it waits
   * @throws IllegalStateException if the loader is closed, or the caller has closed none of the
   *     batches that there is memory for
   */
  public Batch next() throws InterruptedException {
    if (closed) {
      throw new IllegalStateException("the loader is closed");
    }
    if (batches.isEmpty()) {
      throw new IllegalStateException("all batches are with the caller; expected some closed");
    }
    Filling filling = batches.element();
    List<Labels> labels = new ArrayList<>();
    long began = System.nanoTime();
    for (PendingSample sample : filling.samples()) {
      labels.add(sample.await(sampleLimit));
    }
    waited += System.nanoTime() - began;
    batches.remove();
    return new Batch(
        filling.number(),
        samples.input().height(),
        samples.input().width(),
        filling.pixels(),
        Labels.of(labels),
        () -> giveBack(filling.pixels()));
  }

  private void giveBack(MemorySegment pixels) {
    if (!closed) {
      begin(pixels);
    }
  }

  /**
   * {@return how long {@link #next} has waited for batches that were not ready, in nanoseconds, all
   * calls together}
   */
  public long waitedNanos() {
    return waited;
  }

  /**
   * Ends the threads and frees the batches' memory, that of batches not yet given back too. A
   * thread that is stuck with a sample is waited for no longer than the limit, and ends when it
   * gets free.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      threads.close(sampleLimit);
    }
  }
}
