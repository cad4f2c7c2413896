package io.github.yolox4j.report;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ScoreCurve;
import io.github.yolox4j.files.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A report on an evaluation, for people and for programs. Immutable, safe for any number of
 * threads.
 *
 * @param title what was evaluated
 * @param facts what to know about it by name, such as the data set, the model, the weights and the
 *     input size; shown in their order
 * @param accuracy the metric's numbers
 * @param analysis what is behind them
 * @param images the folder of the images for the galleries of mistakes; without it, and for an
 *     image that cannot be read, mistakes are listed without pictures
 */
public record EvaluationReport(
    String title,
    Map<String, String> facts,
    Accuracy accuracy,
    DetectionAnalysis analysis,
    Optional<Path> images) {

  /** The name of the page. */
  public static final String PAGE = "report.html";

  /** The name of the file with everything that the page shows. */
  public static final String JSON = "analysis.json";

  /** The name of the table of classes. */
  public static final String CSV = "per_class.csv";

  private static final String CSV_HEADER =
      "class,ap,ap50,ar,objects,threshold,precision,recall,f1\r\n";

  /** Copies the facts. */
  public EvaluationReport {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /**
   * Writes {@value #PAGE}, a page that needs no other file, {@value #JSON} and {@value #CSV}, each
   * whole or not at all.
   *
   * @param folder an existing folder
   * @throws YoloxException if a file cannot be written
   */
  public void write(Path folder) {
    AtomicFile.write(folder.resolve(CSV), out -> out.write(csv().getBytes(StandardCharsets.UTF_8)));
    AtomicFile.write(folder.resolve(JSON), out -> out.write(new AnalysisJson(this).toBytes()));
    HtmlPage.write(folder.resolve(PAGE), title, html -> new ReportPage(this, html).writeBody());
  }

  /**
   * A table of the classes, by the ground truth's categories, as RFC 4180 has it; -1 is unknown.
   */
  private String csv() {
    StringBuilder text = new StringBuilder(CSV_HEADER);
    GroundTruth truth = analysis.groundTruth();
    for (int k = 0; k < truth.categories().size(); k++) {
      CocoClassMetrics metrics = accuracy.classes().get(k);
      ScoreCurve curve = analysis.curves().get(k);
      int best = curve.best();
      text.append(quoted(truth.categories().get(k).name()));
      for (Object value :
          new Object[] {
            metrics.ap(),
            metrics.ap50(),
            metrics.ar(),
            curve.objects(),
            curve.bestThreshold(),
            best < 0 ? 0.0 : curve.precision(best),
            best < 0 ? 0.0 : curve.recall(best),
            curve.bestF1()
          }) {
        text.append(',').append(value);
      }
      text.append("\r\n");
    }
    return text.toString();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
