package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** A sample that one thread asks for and another one makes. */
final class PendingSample {

  private static final long NOT_YET = Long.MIN_VALUE;

  private final Supplier<Path> file;
  private final Function<SampleMaker, Labels> work;
  private final CompletableFuture<Labels> labels = new CompletableFuture<>();
  private volatile long began = NOT_YET;

  /**
   * Plans a sample.
   *
   * @param file tells which image it is made of
   * @param work makes it and tells its objects
   */
  PendingSample(Supplier<Path> file, Function<SampleMaker, Labels> work) {
    this.file = file;
    this.work = work;
  }

  void make(SampleMaker maker) {
    began = System.nanoTime();
    try {
      labels.complete(work.apply(maker));
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  void fail(Throwable reason) {
    labels.completeExceptionally(reason);
  }

  /** Waits for the sample, but no longer than it may take from when it was begun. */
  Labels await(Duration limit) throws InterruptedException {
    while (true) {
      try {
        return labels.get(limit.toNanos() - taken(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        long taken = taken(); // it may have been begun only now
        if (taken >= limit.toNanos()) {
          throw new YoloxException(
              "%s: its sample is not ready after %d s; is its disk or network still there?"
                  .formatted(file.get(), TimeUnit.NANOSECONDS.toSeconds(taken)),
              e);
        }
      } catch (ExecutionException e) {
        Throwable reason = e.getCause();
        throw reason instanceof YoloxException known
            ? known
            : new YoloxException(
                "%s: its sample cannot be made: %s".formatted(file.get(), reason.getMessage()),
                reason);
      }
    }
  }

  private long taken() {
    return began == NOT_YET ? 0 : System.nanoTime() - began;
  }
}
