package io.github.yolox4j.dist;

import io.github.yolox4j.YoloxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program, started once for each rank on this machine. */
public final class LocalRanks implements AutoCloseable {

  /** How long the others may take to end by themselves after one has failed. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private static final String LAUNCHER = "YOLOX4J_LAUNCHER";
  private static final int FAILED = 1;
  private static final int SIGNALLED = 128;

  private final List<RankProcess> ranks = new ArrayList<>();
  private final BlockingQueue<RankProcess> ended = new LinkedBlockingQueue<>();
  private final Thread end = new Thread(this::kill);

  private LocalRanks() {
    Runtime.getRuntime().addShutdownHook(end);
  }

  /** A rank, and the last line that it wrote to standard error. */
  private static final class RankProcess {
    final int rank;
    final Process process;
    volatile String lastLine = "";

    RankProcess(int rank, Process process) {
      this.rank = rank;
      this.process = process;
    }

    boolean failed() {
      return process.exitValue() != 0;
    }

    /** The first rank talks to the user; what is left to say is what it could not. */
    boolean hasSaidWhy() {
      return rank == 0 && process.exitValue() < SIGNALLED;
    }

    String why() {
      int code = process.exitValue();
      return code > SIGNALLED
          ? "Rank %d was ended by signal %d".formatted(rank, code - SIGNALLED)
          : "Rank %d ended with code %d: %s".formatted(rank, code, lastLine);
    }

    void readErrors() {
      try (BufferedReader errors = process.errorReader()) {
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
          lastLine = line;
        }
      } catch (IOException e) {
        lastLine = "its words were lost: " + e.getMessage();
      }
    }
  }

  /**
   * Runs a program on several ranks, whose places {@link RankEnvironment#of} reads; the first of
   * them writes to this process's standard error. They end with this process.
   *
   * @param count how many
   * @param command what each runs
   * @return the exit code: 0 if all ended with that, else that of rank 0, or 1
   * @throws YoloxException if a rank cannot be started, or failed and rank 0 could not say so
   */
  public static int run(int count, List<String> command) {
    try (MeetingPoint point = MeetingPoint.serve();
        LocalRanks ranks = new LocalRanks()) {
      for (int rank = 0; rank < count; rank++) {
        ranks.start(rank, count, point.port(), command);
      }
      return ranks.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new YoloxException("The ranks were interrupted", e);
    }
  }

  /** Ends this process, where {@link #run} started it, when the one that did has gone. */
  public static void endWithLauncher() {
    String launcher = System.getenv(LAUNCHER);
    if (launcher != null) {
      Runnable halt = () -> Runtime.getRuntime().halt(FAILED);
      Optional<ProcessHandle> starter = ProcessHandle.of(Long.parseLong(launcher));
      var _ =
          starter.isPresent()
              ? starter.get().onExit().thenRun(halt)
              : CompletableFuture.runAsync(halt);
    }
  }

  private void start(int rank, int count, int port, List<String> command) {
    var place =
        new RankEnvironment(rank, count, rank, count, MeetingPoint.LOOPBACK, port, true, "0");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(place.variables());
    builder.environment().put(LAUNCHER, Long.toString(ProcessHandle.current().pid()));
    boolean first = rank == 0;
    // training tells everything on standard error; c10d would chat on standard output
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(first ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.PIPE);
    try {
      RankProcess started = new RankProcess(rank, builder.start());
      ranks.add(started);
      if (!first) {
        Thread.ofVirtual().start(started::readErrors);
      }
      var _ = started.process.onExit().thenRun(() -> ended.add(started));
    } catch (IOException e) {
      throw new YoloxException("Rank %d cannot be started: %s".formatted(rank, e.getMessage()), e);
    }
  }

  private int await() throws InterruptedException {
    RankProcess culprit = null;
    for (int left = ranks.size(); left > 0; left--) {
      RankProcess next =
          culprit == null ? ended.take() : ended.poll(GRACE.toSeconds(), TimeUnit.SECONDS);
      if (next == null) {
        break;
      }
      if (culprit == null && next.failed()) {
        culprit = next;
      }
    }
    if (culprit == null) {
      return 0;
    }
    RankProcess first = ranks.getFirst();
    if (first.process.isAlive() || !first.hasSaidWhy()) {
      kill();
      throw new YoloxException(culprit.why());
    }
    return first.failed() ? first.process.exitValue() : FAILED;
  }

  private void kill() {
    ranks.forEach(rank -> rank.process.destroyForcibly());
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException _) {
      // it runs already
    }
  }
}
