package io.github.yolox4j.bench;

import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.detect.StageTimes;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How long detection in a decoded picture takes, by its parts.
 *
 * @param kind the engine
 * @param preprocessMilliseconds fitting the picture into the network's input
 * @param networkMilliseconds the network
 * @param postprocessMilliseconds selection, suppression and boxes
 */
public record DetectorSpeed(
    EngineKind kind,
    double preprocessMilliseconds,
    double networkMilliseconds,
    double postprocessMilliseconds) {

  /** The picture's width. */
  public static final int WIDTH = 1280;

  /** The picture's height. */
  public static final int HEIGHT = 720;

  private static final int CHANNELS = 3;

  /**
   * Measures.
   *
   * @param network the network
   * @param size its input size
   * @param kind the engine
   * @param device where it runs
   * @param seconds how long
   * @return the means
   */
  public static DetectorSpeed measure(
      FoldedNetwork network,
      InputSize size,
      EngineKind kind,
      ComputeDevice device,
      double seconds) {
    byte[] noise = new byte[WIDTH * HEIGHT * CHANNELS];
    new SplittableRandom(1).nextBytes(noise);
    DetectorOptions options =
        DetectorOptions.DEFAULTS.withEngine(kind).withDevice(device).withSize(size);
    try (Picture picture =
        Picture.ofBgr(MemorySegment.ofArray(noise), WIDTH, HEIGHT, (long) WIDTH * CHANNELS)) {
      try (Detector detector = Detector.of(network, options)) {
        int before = run(detector, picture, seconds / 2);
        Map<StageTimes.Stage, Double> warmUp = sums(detector.times(), before);
        int all = before + run(detector, picture, seconds);
        Map<StageTimes.Stage, Double> sums = sums(detector.times(), all);
        sums.replaceAll((stage, sum) -> (sum - warmUp.get(stage)) / (all - before));
        return new DetectorSpeed(
            kind,
            sums.get(StageTimes.Stage.PREPROCESS),
            sums.get(StageTimes.Stage.INFERENCE),
            sums.get(StageTimes.Stage.POSTPROCESS));
      }
    }
  }

  private static Map<StageTimes.Stage, Double> sums(StageTimes times, int pictures) {
    Map<StageTimes.Stage, Double> sums = new EnumMap<>(StageTimes.Stage.class);
    for (StageTimes.Stage stage : StageTimes.Stage.values()) {
      sums.put(stage, times.millisecondsPerPicture(stage) * pictures);
    }
    return sums;
  }

  /** Detects for so long and returns how often. */
  private static int run(Detector detector, Picture picture, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int count = 0;
    do {
      detector.detect(picture);
      count++;
    } while (System.nanoTime() < end);
    return count;
  }

  /**
   * Adds the parts up.
   *
   * @return milliseconds per picture
   */
  public double totalMilliseconds() {
    return preprocessMilliseconds + networkMilliseconds + postprocessMilliseconds;
  }
}
