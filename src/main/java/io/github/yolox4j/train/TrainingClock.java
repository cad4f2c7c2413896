package io.github.yolox4j.train;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Measures how fast training is; evaluations and checkpoints between epochs are left out. */
final class TrainingClock {

  /**
   * What was measured since the last reading.
   *
   * @param imagesPerSecond images trained on per second
   * @param waiting the share of time without a batch
   * @param secondsLeft how long the iterations that are left will take
   */
  record Reading(double imagesPerSecond, double waiting, double secondsLeft) {}

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double DAY = TimeUnit.DAYS.toSeconds(1);

  /** Before so many seconds an estimate is too rough to warn of. */
  private static final double ENOUGH = 20;

  private final long iterations;
  private final int imagesPerIteration;
  private final long first;
  private final long began = System.nanoTime();
  private long paused;
  private long pauseBegan;
  private long last = began;
  private long lastIteration;
  private long lastWaited;
  private long lastCheckpoint = began;
  private double secondsLeft;
  private boolean warned;

  TrainingClock(long iterations, int imagesPerIteration, TrainingProgress progress) {
    this.iterations = iterations;
    this.imagesPerIteration = imagesPerIteration;
    first = progress.iteration();
    lastIteration = first;
  }

  private long now() {
    return System.nanoTime() - paused;
  }

  void pause() {
    pauseBegan = System.nanoTime();
  }

  void goOn() {
    paused += System.nanoTime() - pauseBegan;
  }

  /** Reads after some iterations of the run and some nanoseconds of waiting in this process. */
  Reading read(long iteration, long waited) {
    long now = now();
    double elapsed = Math.max(now - last, 1);
    double perIteration = (now - began) / SECOND / (iteration - first);
    secondsLeft = perIteration * (iterations - iteration);
    Reading reading =
        new Reading(
            (iteration - lastIteration) * imagesPerIteration * SECOND / elapsed,
            (waited - lastWaited) / elapsed,
            secondsLeft);
    last = now;
    lastIteration = iteration;
    lastWaited = waited;
    return reading;
  }

  /** Warns once when training takes days. */
  Optional<String> warning() {
    if (warned || seconds() < ENOUGH) {
      return Optional.empty();
    }
    warned = true;
    return secondsLeft < DAY
        ? Optional.empty()
        : Optional.of(
            "Training will take about %.1f days on this CPU; fewer epochs, a smaller model or input, or a GPU make it shorter"
                .formatted(secondsLeft / DAY));
  }

  /** Whether so many minutes have passed since a checkpoint; 0 for never. */
  boolean checkpointDue(double minutes) {
    return minutes > 0 && System.nanoTime() - lastCheckpoint >= minutes * 60 * SECOND;
  }

  void checkpointWritten() {
    lastCheckpoint = System.nanoTime();
  }

  /** How long this process has trained, everything included. */
  double seconds() {
    return (System.nanoTime() - began) / SECOND;
  }
}
