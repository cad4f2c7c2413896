package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.VocResult;
import java.io.IOException;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * VOC's mean average precision and that of each class.
 *
 * @param key the metric's name as people type it
 * @param truth what was compared with
 * @param result the evaluation
 */
record VocAccuracy(String key, GroundTruth truth, VocResult result) implements Accuracy {

  private static final int IOU_50 = 0;

  @Override
  public String metric() {
    return "VOC";
  }

  @Override
  public List<Score> numbers() {
    return List.of(
        new Score("mAP50", "mean average precision, IoU 0.50", result.meanAveragePrecision(IOU_50)),
        new Score(
            "mAP", "mean average precision, IoU 0.50 to 0.95", result.meanAveragePrecision()));
  }

  @Override
  public List<CocoClassMetrics> classes() {
    return IntStream.range(0, truth.categories().size()).mapToObj(result::metrics).toList();
  }

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
  public void write(JsonGenerator json) throws IOException {
    json.writeStringField("metric", key);
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
