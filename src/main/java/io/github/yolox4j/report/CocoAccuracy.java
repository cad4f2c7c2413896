package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.eval.CocoResult;
import java.io.IOException;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * COCO's twelve numbers and those of each class.
 *
 * @param truth what was compared with
 * @param result the evaluation
 */
record CocoAccuracy(GroundTruth truth, CocoResult result) implements Accuracy {

  private static final List<String> MEANINGS =
      List.of(
          "IoU 0.50:0.95",
          "IoU 0.50",
          "IoU 0.75",
          "small objects",
          "medium objects",
          "large objects",
          "1 detection per image",
          "10 detections per image",
          "100 detections per image",
          "small objects",
          "medium objects",
          "large objects");

  @Override
  public String table() {
    Formatter out = new Formatter(Locale.ROOT);
    double[] numbers = result.metrics().toArray();
    for (int i = 0; i < numbers.length; i++) {
      out.format("%-6s %7.4f  %s%n", CocoMetrics.NAMES.get(i), numbers[i], MEANINGS.get(i));
    }
    out.format("%n%-24s %8s %7s %7s %7s%n", "class", "objects", "AP", "AP50", "AR");
    for (int k = 0; k < truth.categories().size(); k++) {
      CocoClassMetrics metrics = result.metrics(k);
      if (metrics.objects() > 0) {
        out.format(
            "%-24s %8d %7.4f %7.4f %7.4f%n",
            truth.categories().get(k).name(),
            metrics.objects(),
            metrics.ap(),
            metrics.ap50(),
            metrics.ar());
      }
    }
    return out.toString();
  }

  @Override
  public EvaluationScores scores() {
    return EvaluationScores.of(result, truth);
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStringField("metric", "coco");
    json.writeNumberField("images", truth.images().size());
    double[] numbers = result.metrics().toArray();
    for (int i = 0; i < numbers.length; i++) {
      json.writeNumberField(CocoMetrics.NAMES.get(i), numbers[i]);
    }
    json.writeObjectFieldStart("per_class");
    for (int k = 0; k < truth.categories().size(); k++) {
      CocoClassMetrics metrics = result.metrics(k);
      json.writeObjectFieldStart(truth.categories().get(k).name());
      json.writeNumberField("AP", metrics.ap());
      json.writeNumberField("AP50", metrics.ap50());
      json.writeNumberField("AR", metrics.ar());
      json.writeNumberField("objects", metrics.objects());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
