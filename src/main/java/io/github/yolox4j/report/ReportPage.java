package io.github.yolox4j.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The page. */
record ReportPage(EvaluationReport report) {
  void writeTo(OutputStream out) throws IOException {
    out.write(report.title().getBytes(StandardCharsets.UTF_8));
  }
}
