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
import java.util.stream.IntStream;

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
  public String metric() {
    return "COCO";
  }

  @Override
  public List<Score> numbers() {
    return numbers(result.metrics());
  }

  static List<Score> numbers(CocoMetrics metrics) {
    return List.of(
        new Score("AP", "average precision, IoU 0.50 to 0.95", metrics.ap()),
        new Score("AP50", "average precision, IoU 0.50", metrics.ap50()),
        new Score("AP75", "average precision, IoU 0.75", metrics.ap75()),
        new Score("AP small", "objects up to 32 × 32 pixels", metrics.apSmall()),
        new Score("AP medium", "from 32 × 32 to 96 × 96 pixels", metrics.apMedium()),
        new Score("AP large", "from 96 × 96 pixels", metrics.apLarge()),
        new Score("AR 1", "average recall, 1 detection an image", metrics.ar1()),
        new Score("AR 10", "average recall, 10 detections an image", metrics.ar10()),
        new Score("AR 100", "average recall, 100 detections an image", metrics.ar100()),
        new Score("AR small", "objects up to 32 × 32 pixels", metrics.arSmall()),
        new Score("AR medium", "from 32 × 32 to 96 × 96 pixels", metrics.arMedium()),
        new Score("AR large", "from 96 × 96 pixels", metrics.arLarge()));
  }

  @Override
  public List<CocoClassMetrics> classes() {
    return IntStream.range(0, truth.categories().size()).mapToObj(result::metrics).toList();
  }

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
