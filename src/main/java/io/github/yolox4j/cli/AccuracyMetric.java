package io.github.yolox4j.cli;

import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.VocEvaluator;
import io.github.yolox4j.eval.VocMetric;

/** The metrics by the names that people type. */
enum AccuracyMetric {
  /** COCO's twelve numbers. */
  COCO {
    @Override
    Accuracy measure(Detections detections) {
      return new CocoAccuracy(detections.groundTruth(), CocoEvaluator.evaluate(detections));
    }
  },
  /** VOC with eleven recall points. */
  VOC07 {
    @Override
    Accuracy measure(Detections detections) {
      return new VocAccuracy(
          "voc07",
          detections.groundTruth(),
          VocEvaluator.evaluate(detections, VocMetric.ELEVEN_POINT));
    }
  },
  /** VOC with the area under the curve. */
  VOC12 {
    @Override
    Accuracy measure(Detections detections) {
      return new VocAccuracy(
          "voc12", detections.groundTruth(), VocEvaluator.evaluate(detections, VocMetric.AREA));
    }
  };

  abstract Accuracy measure(Detections detections);
}
