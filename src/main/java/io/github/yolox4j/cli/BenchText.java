package io.github.yolox4j.cli;

import io.github.yolox4j.bench.BenchResult;
import io.github.yolox4j.bench.DetectorSpeed;
import io.github.yolox4j.bench.EngineSpeed;
import io.github.yolox4j.tensor.IntraOpThreads;
import java.io.PrintStream;
import java.util.Locale;

/** The figures of {@code bench} for a terminal. */
record BenchText(PrintStream out) {

  private static final double MEBI = 1 << 20;

  void print(BenchResult result) {
    out.printf(
        Locale.ROOT,
        "%s at %s, %.2f GFLOPs per picture; %d threads; %.1f GFLOP/s in a matrix product%n",
        result.network().spec().name(),
        result.size(),
        result.gigaflopsPerPicture(),
        IntraOpThreads.count(),
        result.peakGigaflops());
    out.printf(
        Locale.ROOT,
        "%-12s %-9s %10s %10s %8s %13s %9s %8s %10s%n",
        "engine",
        "precision",
        "median ms",
        "90 % ms",
        "GFLOP/s",
        "of the peak",
        "images/s",
        "batch",
        "ready");
    for (EngineSpeed speed : result.engines()) {
      out.printf(
          Locale.ROOT,
          "%-12s %-9s %10.2f %10.2f %8.1f %11.0f %% %9.1f %8d %7.2f s, %.0f MiB%n",
          speed.kind().key(),
          speed.precision().key(),
          speed.medianMilliseconds(),
          speed.slowMilliseconds(),
          speed.gigaflops(),
          100 * result.shareOfPeak(speed),
          speed.imagesPerSecond(),
          speed.bestBatch(),
          speed.readySeconds(),
          speed.memoryBytes() / MEBI);
    }
    result.detector().ifPresent(speed -> print(speed, result.limit().orElseThrow()));
    result
        .training()
        .ifPresent(
            speed ->
                out.printf(
                    Locale.ROOT,
                    "Training in fp32, batch %d: %.2f images/s%n",
                    speed.batch(),
                    speed.imagesPerSecond()));
    result.batches().forEach(speeds -> out.printf(Locale.ROOT, "By batch, %s%n", speeds));
  }

  private void print(DetectorSpeed speed, String limit) {
    out.printf(
        Locale.ROOT,
        "A picture of %dx%d with %s: %.2f ms, of which %.2f fitting, %.2f network, %.2f boxes:"
            + " %s%n",
        DetectorSpeed.WIDTH,
        DetectorSpeed.HEIGHT,
        speed.kind().key(),
        speed.totalMilliseconds(),
        speed.preprocessMilliseconds(),
        speed.networkMilliseconds(),
        speed.postprocessMilliseconds(),
        limit);
  }
}
