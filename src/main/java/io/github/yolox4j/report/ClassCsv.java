package io.github.yolox4j.report;

import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.ScoreCurve;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A table of the classes, by the ground truth's categories, as RFC 4180 has it; -1 is unknown. */
record ClassCsv(EvaluationReport report) {

  private static final String HEADER = "class,ap,ap50,ar,objects,threshold,precision,recall,f1\r\n";

  void writeTo(OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder(HEADER);
    GroundTruth truth = report.analysis().groundTruth();
    for (int k = 0; k < truth.categories().size(); k++) {
      CocoClassMetrics metrics = report.accuracy().classes().get(k);
      ScoreCurve curve = report.analysis().curves().get(k);
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
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
