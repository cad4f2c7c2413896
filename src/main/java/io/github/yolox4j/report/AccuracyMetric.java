package io.github.yolox4j.report;

import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.VocEvaluator;
import io.github.yolox4j.eval.VocMetric;

/** The metrics by the names that people type. */
public enum AccuracyMetric {
  /** COCO's twelve numbers. */
  COCO {
    @Override
    public Accuracy measure(Detections detections) {
      return new CocoAccuracy(detections.groundTruth(), CocoEvaluator.evaluate(detections));
    }
  },
  /** VOC with eleven recall points. */
  VOC07 {
    @Override
    public Accuracy measure(Detections detections) {
      return new VocAccuracy(
          "voc07",
          detections.groundTruth(),
          VocEvaluator.evaluate(detections, VocMetric.ELEVEN_POINT));
    }
  },
  /** VOC with the area under the curve. */
  VOC12 {
    @Override
    public Accuracy measure(Detections detections) {
      return new VocAccuracy(
          "voc12", detections.groundTruth(), VocEvaluator.evaluate(detections, VocMetric.AREA));
    }
  };

  /**
   * Measures.
   *
   * @param detections what was found, with the ground truth
   * @return the numbers
   */
  public abstract Accuracy measure(Detections detections);
}
