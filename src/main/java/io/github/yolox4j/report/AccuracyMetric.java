package io.github.yolox4j.report;

import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.VocEvaluator;
import io.github.yolox4j.eval.VocMetric;
import java.util.Locale;

/** The metrics by the names that people type. */
public enum AccuracyMetric {
  /** COCO's twelve numbers. */
  COCO,
  /** VOC with eleven recall points. */
  VOC07,
  /** VOC with the area under the curve. */
  VOC12;

  /** {@return the name that people type} */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the numbers by this metric}
   *
   * @param detections what was found, with the ground truth
   */
  public Accuracy measure(Detections detections) {
    return switch (this) {
      case COCO -> new CocoAccuracy(detections.groundTruth(), CocoEvaluator.evaluate(detections));
      case VOC07 -> voc(detections, VocMetric.ELEVEN_POINT);
      case VOC12 -> voc(detections, VocMetric.AREA);
    };
  }

  private Accuracy voc(Detections detections, VocMetric metric) {
    return new VocAccuracy(
        key(), detections.groundTruth(), VocEvaluator.evaluate(detections, metric));
  }
}
