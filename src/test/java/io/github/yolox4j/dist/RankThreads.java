package io.github.yolox4j.dist;

import io.github.yolox4j.tensor.ComputeDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Ranks that are threads of one process, joined by TCP all the same. */
public final class RankThreads {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RankThreads() {}

  /** What a rank does. */
  public interface Work<T> {
    /** Does it. */
    T of(Ranks ranks) throws Exception;
  }

  /** Returns what each rank's work gave; a failure is thrown when all have ended. */
  public static <T> List<T> run(int size, Work<T> work) throws InterruptedException {
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Result<T> result : results(size, work)) {
      results.add(result.value());
      failure = failure == null ? result.failure() : failure;
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /** What a rank's work gave, or how it failed. */
  public record Result<T>(T value, RuntimeException failure) {}

  /** Returns how each rank's work ended. */
  public static <T> List<Result<T>> results(int size, Work<T> work) throws InterruptedException {
    try (MeetingPoint point = MeetingPoint.serve();
        ExecutorService threads = Executors.newFixedThreadPool(size)) {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        RankEnvironment place =
            new RankEnvironment(
                rank, size, rank, size, MeetingPoint.LOOPBACK, point.port(), true, "0");
        futures.add(
            threads.submit(
                () -> {
                  try (Ranks ranks = Ranks.join(Optional.of(place), ComputeDevice.CPU, PATIENCE)) {
                    return work.of(ranks);
                  }
                }));
      }
      List<Result<T>> results = new ArrayList<>();
      for (Future<T> future : futures) {
        try {
          results.add(new Result<>(future.get(), null));
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof RuntimeException failure)) {
            throw new AssertionError(e.getCause());
          }
          results.add(new Result<>(null, failure));
        }
      }
      return results;
    }
  }
}
