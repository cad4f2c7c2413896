package io.github.yolox4j.bench;

/**
 * How fast training in 32 bits is.
 *
 * @param batch the pictures of a step
 * @param imagesPerSecond pictures per second of the median step, without the first
 */
public record TrainingSpeed(int batch, double imagesPerSecond) {

  private static final int BATCH = 2;
  private static final int LEAST_ROUNDS = 2;

  static TrainingSpeed measure(Workload steps, double seconds) {
    try (Workload.Batch batch = steps.batch(BATCH)) {
      batch.run(1);
      int times = steps.runsAhead();
      Stopwatch watch = new Stopwatch();
      watch.measure(() -> batch.run(times), seconds, LEAST_ROUNDS);
      return new TrainingSpeed(BATCH, BATCH * times * 1e3 / watch.quantile(0.5));
    }
  }
}
