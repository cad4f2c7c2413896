package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.ConfusionMatrix;
import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ErrorKind;
import io.github.yolox4j.eval.Mistake;
import io.github.yolox4j.eval.ScoreCurve;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** Everything that the page shows, for programs; -1 is unknown. */
final class AnalysisJson {

  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** The document, indented, in UTF-8. */
  byte[] toBytes() throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    json.put("title", report.title()).putPOJO("facts", report.facts());
    json.put("metric", report.accuracy().metric());
    ObjectNode scores = json.putObject("scores");
    report.accuracy().numbers().forEach(score -> scores.put(score.name(), score.value()));
    json.putPOJO("curve_recalls", samples.recalls());
    json.putPOJO("curve_thresholds", samples.thresholds());
    add(json.putObject("overall"), analysis.overall());
    ArrayNode classes = json.putArray("classes");
    for (int k = 0; k < truth.categories().size(); k++) {
      add(classes.addObject(), k);
    }
    ObjectNode errors = json.putObject("errors").put("threshold", analysis.threshold());
    add(errors, analysis.errors()::count);
    json.putPOJO("confusion", rows(analysis.confusion()));
    add(json.putArray("worst_false_positives"), analysis.errors().worstFalsePositives());
    add(json.putArray("worst_misses"), analysis.errors().worstMisses());
    return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void add(ObjectNode json, int category) {
    CocoClassMetrics metrics = report.accuracy().classes().get(category);
    json.put("name", truth.categories().get(category).name());
    json.put("id", truth.categories().get(category).id());
    json.put("ap", metrics.ap()).put("ap50", metrics.ap50()).put("ar", metrics.ar());
    add(json, analysis.curves().get(category));
    add(json.putObject("errors"), kind -> analysis.errors().count(kind, category));
  }

  private void add(ObjectNode json, ScoreCurve curve) {
    json.put("objects", curve.objects());
    json.put("best_threshold", curve.bestThreshold()).put("best_f1", curve.bestF1());
    json.putPOJO("precision_at_recall", curve.precisionAt(samples.recalls()));
    json.putPOJO("f1_at_threshold", samples.f1(curve));
  }

  private static void add(ObjectNode json, ToIntFunction<ErrorKind> count) {
    for (ErrorKind kind : ErrorKind.values()) {
      json.put(key(kind), count.applyAsInt(kind));
    }
  }

  /** Rows are truths, columns predictions, the last of each the background. */
  private static int[][] rows(ConfusionMatrix confusion) {
    int[][] rows = new int[confusion.background() + 1][confusion.background() + 1];
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows.length; column++) {
        rows[row][column] = confusion.count(row, column);
      }
    }
    return rows;
  }

  private void add(ArrayNode json, List<Mistake> mistakes) {
    for (Mistake mistake : mistakes) {
      BoundingBox box = mistake.box();
      json.addObject()
          .put("kind", key(mistake.kind()))
          .put("image", truth.images().get(mistake.image()).fileName())
          .put("class", truth.categories().get(mistake.category()).name())
          .put("score", mistake.score())
          .putPOJO("bbox", new double[] {box.x(), box.y(), box.width(), box.height()});
    }
  }

  private static String key(ErrorKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
