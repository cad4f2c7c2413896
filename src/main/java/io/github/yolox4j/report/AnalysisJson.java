package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.ConfusionMatrix;
import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ErrorKind;
import io.github.yolox4j.eval.Mistake;
import io.github.yolox4j.eval.ScoreCurve;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Everything that the page shows, for programs; -1 is unknown. */
final class AnalysisJson {

  private final EvaluationReport report;
  private final DetectionAnalysis analysis;
  private final GroundTruth truth;
  private final CurveSamples samples;

  AnalysisJson(EvaluationReport report) {
    this.report = report;
    analysis = report.analysis();
    truth = analysis.groundTruth();
    samples = new CurveSamples(analysis);
  }

  void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("title", report.title());
      json.writeObjectFieldStart("facts");
      for (Map.Entry<String, String> fact : report.facts().entrySet()) {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
      json.writeEndObject();
      json.writeStringField("metric", report.scores().metric());
      json.writeObjectFieldStart("scores");
      for (EvaluationScores.Score score : report.scores().numbers()) {
        json.writeNumberField(score.name(), score.value());
      }
      json.writeEndObject();
      writeArray(json, "curve_recalls", samples.recalls());
      writeArray(json, "curve_thresholds", samples.thresholds());
      json.writeObjectFieldStart("overall");
      writeCurve(json, analysis.overall());
      json.writeEndObject();
      json.writeArrayFieldStart("classes");
      for (int k = 0; k < truth.categories().size(); k++) {
        writeClass(json, k);
      }
      json.writeEndArray();
      writeErrors(json);
      writeConfusion(json);
      writeMistakes(json, "worst_false_positives", analysis.errors().worstFalsePositives());
      writeMistakes(json, "worst_misses", analysis.errors().worstMisses());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private void writeClass(JsonGenerator json, int category) throws IOException {
    CocoClassMetrics metrics = report.scores().classes().get(category);
    json.writeStartObject();
    json.writeStringField("name", truth.categories().get(category).name());
    json.writeNumberField("id", truth.categories().get(category).id());
    json.writeNumberField("ap", metrics.ap());
    json.writeNumberField("ap50", metrics.ap50());
    json.writeNumberField("ar", metrics.ar());
    writeCurve(json, analysis.curves().get(category));
    json.writeObjectFieldStart("errors");
    for (ErrorKind kind : ErrorKind.values()) {
      json.writeNumberField(key(kind), analysis.errors().count(kind, category));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeCurve(JsonGenerator json, ScoreCurve curve) throws IOException {
    json.writeNumberField("objects", curve.objects());
    json.writeNumberField("best_threshold", curve.bestThreshold());
    json.writeNumberField("best_f1", curve.bestF1());
    writeArray(json, "precision_at_recall", curve.precisionAt(samples.recalls()));
    writeArray(json, "f1_at_threshold", samples.f1(curve));
  }

  private void writeErrors(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("errors");
    json.writeNumberField("threshold", analysis.threshold());
    for (ErrorKind kind : ErrorKind.values()) {
      json.writeNumberField(key(kind), analysis.errors().count(kind));
    }
    json.writeEndObject();
  }

  /** Rows are truths, columns predictions, the last of each the background. */
  private void writeConfusion(JsonGenerator json) throws IOException {
    ConfusionMatrix confusion = analysis.confusion();
    json.writeArrayFieldStart("confusion");
    for (int row = 0; row <= confusion.background(); row++) {
      int[] counts = new int[confusion.background() + 1];
      for (int column = 0; column < counts.length; column++) {
        counts[column] = confusion.count(row, column);
      }
      json.writeArray(counts, 0, counts.length);
    }
    json.writeEndArray();
  }

  private void writeMistakes(JsonGenerator json, String name, List<Mistake> mistakes)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Mistake mistake : mistakes) {
      json.writeStartObject();
      json.writeStringField("kind", key(mistake.kind()));
      json.writeStringField("image", truth.images().get(mistake.image()).fileName());
      json.writeStringField("class", truth.categories().get(mistake.category()).name());
      json.writeNumberField("score", mistake.score());
      BoundingBox box = mistake.box();
      writeArray(json, "bbox", box.x(), box.y(), box.width(), box.height());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeArray(JsonGenerator json, String name, double... values)
      throws IOException {
    json.writeFieldName(name);
    json.writeArray(values, 0, values.length);
  }

  private static String key(ErrorKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
