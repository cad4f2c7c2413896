package io.github.yolox4j.bench;

import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.tensor.Precision;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured.
 *
 * @param machine what to know about the machine, by name
 * @param network the network
 * @param size its input
 * @param peakGigaflops 10^9 operations per second in a product of matrices on the processor
 * @param engines a line for each engine and precision that can run
 * @param detector detection in a picture with the fastest engine in 32 bits, if one could run
 * @param training training, if it was asked for
 * @param batches inference and training by batch, if they were asked for
 */
public record BenchResult(
    Map<String, String> machine,
    Network network,
    InputSize size,
    double peakGigaflops,
    List<EngineSpeed> engines,
    Optional<DetectorSpeed> detector,
    Optional<TrainingSpeed> training,
    List<SpeedByBatch> batches) {

  /** Below this share of detection, something else than the network limits it. */
  private static final double MOSTLY_NETWORK = 0.8;

  /** From this share of the peak on, arithmetic limits a network. */
  private static final double MOSTLY_ARITHMETIC = 0.5;

  /**
   * Counts the operations for a picture.
   *
   * @return 10^9 operations
   */
  public double gigaflopsPerPicture() {
    return network.flops(size.height(), size.width()) / 1e9;
  }

  /**
   * Compares an engine with what the processor can do at best.
   *
   * @param speed the engine's speed
   * @return its share of the peak, 0 to 1 but for rounding
   */
  public double shareOfPeak(EngineSpeed speed) {
    return speed.gigaflops() / peakGigaflops;
  }

  /**
   * Tells what would have to be faster for detection to be faster.
   *
   * @return a few words; nothing where detection was not measured
   */
  public Optional<String> limit() {
    return detector.map(this::limit);
  }

  private String limit(DetectorSpeed whole) {
    if (whole.networkMilliseconds() < MOSTLY_NETWORK * whole.totalMilliseconds()) {
      return "limited by what is around the network";
    }
    boolean arithmetic =
        engines.stream()
            .filter(speed -> speed.kind() == whole.kind() && speed.precision() == Precision.FP32)
            .anyMatch(speed -> shareOfPeak(speed) > MOSTLY_ARITHMETIC);
    return arithmetic
        ? "limited by the processor's arithmetic"
        : "limited by memory and small layers";
  }
}
