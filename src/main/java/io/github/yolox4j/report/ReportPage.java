package io.github.yolox4j.report;

import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ErrorKind;
import io.github.yolox4j.eval.ScoreCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** The page about an evaluation. */
final class ReportPage {

  private static final int CURVES = 10;

  /** How long the longest bar of errors is, with room for its number. */
  private static final double LONGEST_PERCENT = 80;

  private final EvaluationReport report;
  private final DetectionAnalysis analysis;
  private final GroundTruth truth;
  private final CurveSamples samples;
  private final Markup html;

  ReportPage(EvaluationReport report, Markup html) {
    this.report = report;
    this.html = html;
    analysis = report.analysis();
    truth = analysis.groundTruth();
    samples = new CurveSamples(analysis);
  }

  void writeBody() {
    writeFacts();
    html.element("h2", report.accuracy().metric() + " metric");
    HtmlPage.writeTiles(html, report.accuracy().numbers());
    writeCurves();
    writeErrors();
    writeConfusion();
    writeClasses();
    writeGalleries();
  }

  private void writeFacts() {
    Map<String, String> facts = new LinkedHashMap<>(report.facts());
    facts.put("Images", Numbers.count(truth.images().size()));
    facts.put("Objects", Numbers.count(analysis.overall().objects()));
    facts.put("Detections", Numbers.count(analysis.detections().size()));
    HtmlPage.writeFacts(html, facts);
  }

  private void writeCurves() {
    html.element("h2", "Curves at IoU 0.5");
    html.element(
        "p",
        "The highest F1 of all classes taken together is %s, at a score threshold of %s; errors and confusions below are counted there."
            .formatted(
                Numbers.decimals(analysis.overall().bestF1()),
                Numbers.decimals(analysis.threshold())));
    List<Integer> shown = mostFrequent();
    List<LineChart.Curve> precision = new ArrayList<>();
    List<LineChart.Curve> f1 = new ArrayList<>();
    precision.add(
        LineChart.Curve.strong(
            "mean of the classes", samples.mean(curve -> curve.precisionAt(samples.recalls()))));
    f1.add(
        new LineChart.Curve(
            "all classes together", samples.f1(analysis.overall()), true, thresholdSample()));
    f1.add(LineChart.Curve.strong("mean of the classes", samples.mean(samples::f1)));
    for (int k : shown) {
      String name = truth.categories().get(k).name();
      ScoreCurve curve = analysis.curves().get(k);
      precision.add(new LineChart.Curve(name, curve.precisionAt(samples.recalls())));
      f1.add(new LineChart.Curve(name, samples.f1(curve)));
    }
    html.begin("div", "class", "charts");
    new LineChart(
            "Precision over recall",
            Axis.between("recall", 0, 1),
            Axis.between("precision", 0, 1),
            samples.recalls(),
            precision)
        .writeTo(html);
    double[] thresholds = samples.thresholds();
    new LineChart(
            "F1 over the score threshold",
            Axis.between("score threshold", thresholds[0], thresholds[thresholds.length - 1]),
            Axis.between("F1", 0, 1),
            thresholds,
            f1)
        .writeTo(html);
    html.end();
    if (truth.categories().size() > shown.size()) {
      html.element("p", "Of the classes, those with the most objects are drawn.");
    }
  }

  /** The sample next to the best threshold. */
  private int thresholdSample() {
    double[] thresholds = samples.thresholds();
    return IntStream.range(0, thresholds.length)
        .boxed()
        .min(Comparator.comparingDouble(i -> Math.abs(thresholds[i] - analysis.threshold())))
        .orElseThrow();
  }

  /** The classes with the most objects, at least one. */
  private List<Integer> mostFrequent() {
    return IntStream.range(0, truth.categories().size())
        .filter(k -> analysis.curves().get(k).objects() > 0)
        .boxed()
        .sorted(Comparator.comparingInt((Integer k) -> -analysis.curves().get(k).objects()))
        .limit(CURVES)
        .toList();
  }

  private void writeErrors() {
    html.element("h2", "What goes wrong");
    html.element(
        "p",
        "Detections with a score of at least %s, and the objects that they miss. Ignored objects are left out of account."
            .formatted(Numbers.decimals(analysis.threshold())));
    int most = Arrays.stream(ErrorKind.values()).mapToInt(analysis.errors()::count).max().orElse(0);
    html.begin("div", "class", "bars");
    for (ErrorKind kind : ErrorKind.values()) {
      int count = analysis.errors().count(kind);
      double percent = LONGEST_PERCENT * count / Math.max(1, most);
      html.begin("div").text(kind.title()).element("small", kind.meaning()).end();
      html.begin("div", "class", "bar");
      html.element(
          "i",
          "",
          "style",
          String.format(Locale.ROOT, "width:%.2f%%;background:%s", percent, colour(kind)));
      html.element("span", Numbers.count(count)).end();
    }
    html.end();
  }

  private static String colour(ErrorKind kind) {
    return switch (kind) {
      case CORRECT -> "#3a9d5d";
      case CLASSIFICATION, LOCALISATION, BOTH, DUPLICATE, BACKGROUND -> "#dc6a5a";
      case MISSED -> "#e0a339";
    };
  }

  private void writeConfusion() {
    HeatMap map = new HeatMap(analysis.confusion(), truth);
    html.element("h2", "Confusion");
    html.element(
        "p",
        "How many objects of a row's class were detected as a column's class. The last column"
            + " counts objects that were not detected, the last row detections without an object."
            + " Colours show the part of the row.");
    if (map.shown().size() < truth.categories().size()) {
      html.element(
          "p",
          "Of %d classes, the %d that are confused most with others."
              .formatted(truth.categories().size(), map.shown().size()));
    }
    map.writeTo(html);
  }

  private void writeClasses() {
    List<CocoClassMetrics> metrics = report.accuracy().classes();
    Table<Integer> table =
        new Table<Integer>("text")
            .text("Class", k -> truth.categories().get(k).name())
            .number("Objects", k -> Numbers.count(analysis.curves().get(k).objects()))
            .number("AP", k -> Numbers.part(metrics.get(k).ap()))
            .number("AP50", k -> Numbers.part(metrics.get(k).ap50()));
    if (metrics.stream().anyMatch(m -> m.ar() >= 0)) {
      table.number("AR", k -> Numbers.part(metrics.get(k).ar()));
    }
    table
        .number("Best threshold", k -> atBest(k, ScoreCurve::score))
        .number("Precision", k -> atBest(k, ScoreCurve::precision))
        .number("Recall", k -> atBest(k, ScoreCurve::recall))
        .number("F1", k -> atBest(k, ScoreCurve::f1));
    html.element("h2", "Classes");
    table.writeTo(html, Numbers.byPrecision(metrics));
  }

  private String atBest(int category, ToDoubleBiFunction<ScoreCurve, Integer> figure) {
    ScoreCurve curve = analysis.curves().get(category);
    return curve.objects() == 0 || curve.best() < 0
        ? Numbers.UNKNOWN
        : Numbers.decimals(figure.applyAsDouble(curve, curve.best()));
  }

  private void writeGalleries() {
    html.element("h2", "Worst false positives").begin("p");
    html.text("The wrong detections of the highest scores. ");
    html.element("span", "", "class", "key false").text(" detection ");
    html.element("span", "", "class", "key object").text(" nearest object").end();
    new Gallery(truth, analysis.errors().worstFalsePositives(), report.images()).writeTo(html);
    html.element("h2", "Worst misses").begin("p");
    html.text("The largest missed objects, with the score of the best detection that would have");
    html.text(" found them below the threshold. ");
    html.element("span", "", "class", "key object").text(" object").end();
    new Gallery(truth, analysis.errors().worstMisses(), report.images()).writeTo(html);
  }
}
