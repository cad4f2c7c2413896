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

  /** Measures for so many seconds, after half as many to warm up. */
  static DetectorSpeed measure(
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
        run(detector, picture, seconds / 2);
        StageTimes times = detector.times();
        times.reset();
        run(detector, picture, seconds);
        return new DetectorSpeed(
            kind,
            times.millisecondsPerPicture(StageTimes.Stage.PREPROCESS),
            times.millisecondsPerPicture(StageTimes.Stage.INFERENCE),
            times.millisecondsPerPicture(StageTimes.Stage.POSTPROCESS));
      }
    }
  }

  private static void run(Detector detector, Picture picture, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      detector.detect(picture);
    } while (System.nanoTime() < end);
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
