package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.OpenCv;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/**
 * Makes batches ahead of their use, on threads of its own that work on several samples of a batch
 * at once. The batches are the same for any number of threads, and come in order. Takes memory for
 * three batches, and for more only where there are more threads than samples in a batch.
 *
 * <p>{@link #next} and {@link #close} are called by one thread.
 */
public final class BatchLoader implements AutoCloseable {

  /** How long a sample may take before {@link #next} gives up on it, unless told otherwise. */
  public static final Duration SAMPLE_LIMIT = Duration.ofSeconds(60);

  /** One batch is with the caller and one is complete while others are being filled. */
  private static final int COMPLETE_BATCHES = 2;

  /** A batch's memory, used again and again. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Buffer(MemorySegment pixels, float[] labels) {}

  /** A batch that samples are written into. */
  private static final class Filling {
    private final long number;
    private final Buffer buffer;
    private final boolean mosaic;
    private final List<Sampler.Pick> picks;
    private int started;
    private int finished;
    private int objects;
    private Throwable failure;
    private int failedSlot = Integer.MAX_VALUE;

    Filling(long number, Buffer buffer, boolean mosaic, List<Sampler.Pick> picks) {
      this.number = number;
      this.buffer = buffer;
      this.mosaic = mosaic;
      this.picks = picks;
    }
  }

  /** A sample in the making. */
  private record Work(Filling batch, int slot, long began) {

    Sampler.Pick pick() {
      return batch.picks.get(slot);
    }
  }

  private final TrainingSamples samples;
  private final Sampler sampler;
  private final int batchSize;
  private final LongPredicate mosaicAt;
  private final long sampleLimit;
  private final long sampleBytes;
  private final int sampleLabels;

  private final Arena arena = Arena.ofShared();
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition bufferFree = lock.newCondition();
  private final Condition sampleFinished = lock.newCondition();
  private final Deque<Buffer> free = new ArrayDeque<>();
  private final Deque<Filling> batches = new ArrayDeque<>();
  private final Set<Work> running = new HashSet<>();
  private long nextBatch;
  private int users;
  private Throwable broken;
  private boolean closed;
  private long waited;

  /**
   * Begins to make batches, giving up on a sample after {@link #SAMPLE_LIMIT}.
   *
   * @param samples what batches are made of
   * @param sampler which images, in which order; of as many images as {@code samples}
   * @param batchSize samples in a batch, at least 1
   * @param threads how many threads make samples, at least 1
   * @param firstBatch the number of the first batch, at least 0; to resume, how many came before
   * @param mosaicAt tells of a batch's number whether mosaic and mixup are on; called in the
   *     batches' order, by any thread
   * @throws YoloxException if a number is out of its range, or the sampler is for another number of
   *     images
   */
  public BatchLoader(
      TrainingSamples samples,
      Sampler sampler,
      int batchSize,
      int threads,
      long firstBatch,
      LongPredicate mosaicAt) {
    this(samples, sampler, batchSize, threads, firstBatch, mosaicAt, SAMPLE_LIMIT);
  }

  /**
   * Begins to make batches.
   *
   * @param samples what batches are made of
   * @param sampler which images, in which order; of as many images as {@code samples}
   * @param batchSize samples in a batch, at least 1
   * @param threads how many threads make samples, at least 1
   * @param firstBatch the number of the first batch, at least 0; to resume, how many came before
   * @param mosaicAt tells of a batch's number whether mosaic and mixup are on; called in the
   *     batches' order, by any thread
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
    this.sampleLimit = sampleLimit.toNanos();
    this.nextBatch = firstBatch;
    sampleBytes = Pixels.bytes(samples.input().width(), samples.input().height());
    sampleLabels = samples.augmentation().maxLabels() * SampleMaker.LABEL;
    int buffers = COMPLETE_BATCHES + Math.ceilDiv(threads, batchSize);
    for (int i = 0; i < buffers; i++) {
      free.add(
          new Buffer(
              arena.allocate(Math.multiplyExact(batchSize, sampleBytes)),
              new float[Math.multiplyExact(batchSize, sampleLabels)]));
    }
    users = threads + 1;
    for (int i = 0; i < threads; i++) {
      this.threads.add(Thread.ofPlatform().name("samples-" + i).daemon().start(this::makeSamples));
    }
  }

  private static void require(String name, long value, long least) {
    if (value < least) {
      throw new YoloxException("The %s is %d; expected at least %d".formatted(name, value, least));
    }
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
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new IllegalStateException("the loader is closed");
      }
      long began = System.nanoTime();
      while (!complete()) {
        requireMemory();
        long left = sampleLimit - requireNoneStuck();
        sampleFinished.awaitNanos(left);
      }
      waited += System.nanoTime() - began;
      Filling batch = batches.element();
      if (batch.failure != null) {
        throw failure(batch);
      }
      batches.remove();
      return batch(batch);
    } finally {
      lock.unlock();
    }
  }

  private boolean complete() {
    if (broken != null) {
      throw new YoloxException("Samples cannot be made: " + broken.getMessage(), broken);
    }
    return !batches.isEmpty() && batches.element().finished == batchSize;
  }

  /** Without this, a caller that keeps its batches would wait for ever. */
  private void requireMemory() {
    if (batches.isEmpty() && free.isEmpty()) {
      throw new IllegalStateException("all batches are with the caller; expected some closed");
    }
  }

  /** Returns how long the sample that began first has taken. */
  private long requireNoneStuck() {
    Optional<Work> oldest = running.stream().min(Comparator.comparingLong(Work::began));
    if (oldest.isEmpty()) {
      return 0;
    }
    long taken = System.nanoTime() - oldest.get().began();
    if (taken >= sampleLimit) {
      throw new YoloxException(
          "%s: its sample is not ready after %d s; is its disk or network still there?"
              .formatted(
                  samples.file(oldest.get().pick().image()),
                  TimeUnit.NANOSECONDS.toSeconds(taken)));
    }
    return taken;
  }

  private YoloxException failure(Filling batch) {
    if (batch.failure instanceof YoloxException e) {
      return e;
    }
    return new YoloxException(
        "%s: its sample cannot be made: %s"
            .formatted(
                samples.file(batch.picks.get(batch.failedSlot).image()),
                batch.failure.getMessage()),
        batch.failure);
  }

  private Batch batch(Filling filling) {
    return new Batch(
        filling.number,
        samples.input().height(),
        samples.input().width(),
        samples.augmentation().maxLabels(),
        filling.buffer.pixels(),
        filling.buffer.labels(),
        filling.picks.stream().mapToInt(Sampler.Pick::image).toArray(),
        filling.objects,
        () -> giveBack(filling.buffer));
  }

  private void giveBack(Buffer buffer) {
    lock.lock();
    try {
      free.add(buffer);
      bufferFree.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns how long {@link #next} has waited for batches that were not ready.
   *
   * @return nanoseconds, all calls together
   */
  public long waitedNanos() {
    lock.lock();
    try {
      return waited;
    } finally {
      lock.unlock();
    }
  }

  private void makeSamples() {
    try (SampleMaker maker = samples.maker()) {
      for (Optional<Work> work = take(); work.isPresent(); work = take()) {
        make(maker, work.get());
      }
    } catch (RuntimeException | Error e) {
      lock.lock();
      try {
        broken = e;
        sampleFinished.signalAll();
      } finally {
        lock.unlock();
      }
    } finally {
      leave();
    }
  }

  private void make(SampleMaker maker, Work work) {
    Filling batch = work.batch();
    int objects = 0;
    Throwable failure = null;
    try {
      objects =
          maker.make(
              work.pick().image(),
              work.pick().pass(),
              batch.mosaic,
              batch.buffer.pixels().asSlice(work.slot() * sampleBytes, sampleBytes),
              batch.buffer.labels(),
              work.slot() * sampleLabels);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    lock.lock();
    try {
      running.remove(work);
      batch.objects += objects;
      batch.finished++;
      if (failure != null && work.slot() < batch.failedSlot) {
        batch.failure = failure;
        batch.failedSlot = work.slot();
      }
      sampleFinished.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a sample to make; empty when the loader is closed. */
  private Optional<Work> take() {
    lock.lock();
    try {
      while (!closed) {
        Filling latest = batches.peekLast();
        if (latest != null && latest.started < batchSize) {
          Work work = new Work(latest, latest.started++, System.nanoTime());
          running.add(work);
          return Optional.of(work);
        }
        if (free.isEmpty()) {
          bufferFree.awaitUninterruptibly();
        } else {
          begin(free.remove());
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void begin(Buffer buffer) {
    long number = nextBatch++;
    Sampler.Pick[] picks = new Sampler.Pick[batchSize];
    Arrays.setAll(picks, slot -> sampler.at(Math.addExact(number * batchSize, slot)));
    batches.add(new Filling(number, buffer, mosaicAt.test(number), List.of(picks)));
    bufferFree.signalAll();
  }

  /** The last to leave frees the memory: a thread that is stuck may still write to it. */
  private void leave() {
    lock.lock();
    try {
      users--;
      if (users == 0) {
        arena.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the threads and frees the batches' memory, that of batches not yet given back too. A
   * thread that is stuck with a sample is waited for no longer than the limit, and ends when it
   * gets free.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      bufferFree.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(sampleLimit));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leave();
  }
}
