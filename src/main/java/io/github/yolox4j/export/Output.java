package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.DetectorOptions;

/** What an exported model gives back. */
public sealed interface Output {

  /**
   * The box values as the network predicts them, with objectness and classes as probabilities: [B,
   * A, 5 + classes].
   */
  Output RAW = new Predictions(false);

  /**
   * The same with (centre x, centre y, width, height) in pixels of the network's input: [B, A, 5 +
   * classes].
   */
  Output DECODED = new Predictions(true);

  /**
   * Detections with the thresholds of {@link DetectorOptions#DEFAULTS}, at most {@link
   * Detections#DEFAULT_MAXIMUM} a picture.
   */
  Output DETECTIONS =
      new Detections(
          DetectorOptions.DEFAULTS.confidence(),
          DetectorOptions.DEFAULTS.nms(),
          Detections.DEFAULT_MAXIMUM);

  /**
   * Every anchor point's prediction.
   *
   * @param decoded whether boxes are in pixels
   */
  record Predictions(boolean decoded) implements Output {}

  /**
   * What is left after suppression within each class, highest score first: boxes [B, M, 4] as
   * corners in pixels of the network's input, scores [B, M], classes [B, M], counts [B]; zeros from
   * each picture's count on.
   *
   * @param confidence the least score, 0 to 1
   * @param iou the IoU above which the lower of two boxes is dropped, 0 to 1
   * @param maximum M, the most detections of a picture, 1 to {@link #MOST}
   */
  record Detections(float confidence, float iou, int maximum) implements Output {

    /** The maximum where none is asked for. */
    public static final int DEFAULT_MAXIMUM = 300;

    /** The highest maximum. */
    public static final int MOST = 100_000;

    /** Checks the thresholds. */
    public Detections {
      requireShare("confidence", confidence);
      requireShare("IoU", iou);
      if (maximum < 1 || maximum > MOST) {
        throw new YoloxException(
            "the maximum of detections is %d; expected 1 to %d".formatted(maximum, MOST));
      }
    }

    private static void requireShare(String field, float value) {
      if (!(value >= 0 && value <= 1)) {
        throw new YoloxException("%s is %s; expected a number from 0 to 1".formatted(field, value));
      }
    }
  }
}
