package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.dist.MeetingPoint;
import io.github.yolox4j.dist.RankEnvironment;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** This program, started once for each rank on this machine. */
final class RankProcesses implements AutoCloseable {

  /** How long the others may take to end by themselves after one has failed. */
  static final Duration GRACE = Duration.ofSeconds(20);

  private static final String LAUNCHER = "YOLOX4J_LAUNCHER";
  private static final int SIGNALLED = 128;

  private final List<RankProcess> ranks = new ArrayList<>();
  private final BlockingQueue<RankProcess> ended = new LinkedBlockingQueue<>();
  private final Thread end = new Thread(this::kill);

  private RankProcesses() {
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
   * Runs the program on several ranks.
   *
   * @param count how many
   * @param arguments what each is told
   * @return the exit code
   * @throws YoloxException if a rank failed and rank 0 could not say so
   */
  static int run(int count, List<String> arguments) {
    try (MeetingPoint point = MeetingPoint.serve();
        RankProcesses processes = new RankProcesses()) {
      for (int rank = 0; rank < count; rank++) {
        processes.start(rank, count, point.port(), arguments);
      }
      return processes.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new YoloxException("The ranks were interrupted", e);
    }
  }

  /** Ends this process when the one that started it as a rank has gone. */
  static void endWithLauncher() {
    String launcher = System.getenv(LAUNCHER);
    if (launcher != null) {
      Runnable halt = () -> Runtime.getRuntime().halt(Main.FAILED);
      Optional<ProcessHandle> starter = ProcessHandle.of(Long.parseLong(launcher));
      var _ =
          starter.isPresent()
              ? starter.get().onExit().thenRun(halt)
              : CompletableFuture.runAsync(halt);
    }
  }

  private void start(int rank, int count, int port, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String classPath = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", absolute(classPath), Main.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                RankEnvironment.RANK,
                Integer.toString(rank),
                RankEnvironment.WORLD_SIZE,
                Integer.toString(count),
                RankEnvironment.LOCAL_RANK,
                Integer.toString(rank),
                RankEnvironment.LOCAL_WORLD_SIZE,
                Integer.toString(count),
                RankEnvironment.MASTER_ADDR,
                MeetingPoint.LOOPBACK,
                RankEnvironment.MASTER_PORT,
                Integer.toString(port),
                RankEnvironment.AGENT_STORE,
                "True",
                LAUNCHER,
                Long.toString(ProcessHandle.current().pid())));
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

  private static String absolute(String classPath) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(classPath)
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
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
      return Main.DONE;
    }
    RankProcess first = ranks.getFirst();
    if (first.process.isAlive() || !first.hasSaidWhy()) {
      kill();
      throw new YoloxException(culprit.why());
    }
    return first.failed() ? first.process.exitValue() : Main.FAILED;
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
