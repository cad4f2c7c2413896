package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.VocResult;
import java.io.IOException;
import java.util.Formatter;
import java.util.Locale;

/**
 * VOC's mean average precision and that of each class.
 *
 * @param metric the metric's name
 * @param truth what was compared with
 * @param result the evaluation
 */
record VocAccuracy(String metric, GroundTruth truth, VocResult result) implements Accuracy {

  private static final int IOU_50 = 0;

  @Override
  public String table() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("mAP    %7.4f  IoU 0.50:0.95%n", result.meanAveragePrecision());
    out.format("mAP50  %7.4f  IoU 0.50%n", result.meanAveragePrecision(IOU_50));
    out.format("%n%-24s %7s%n", "class", "AP50");
    for (int k = 0; k < truth.categories().size(); k++) {
      out.format(
          "%-24s %7.4f%n", truth.categories().get(k).name(), result.averagePrecision(k, IOU_50));
    }
    return out.toString();
  }

  @Override
  public EvaluationScores scores() {
    return EvaluationScores.of(result, truth);
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStringField("metric", metric);
    json.writeNumberField("images", truth.images().size());
    json.writeNumberField("AP", result.meanAveragePrecision());
    json.writeNumberField("AP50", result.meanAveragePrecision(IOU_50));
    json.writeObjectFieldStart("per_class");
    for (int k = 0; k < truth.categories().size(); k++) {
      json.writeObjectFieldStart(truth.categories().get(k).name());
      json.writeNumberField("AP50", result.averagePrecision(k, IOU_50));
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
