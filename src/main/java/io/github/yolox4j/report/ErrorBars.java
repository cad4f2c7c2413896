package io.github.yolox4j.report;

import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ErrorKind;
import java.util.Arrays;
import java.util.Locale;

/** How many detections are right and how many go wrong in which way, as bars. */
record ErrorBars(DetectionAnalysis analysis) {

  private static final double LONGEST_PERCENT = 80;

  void writeTo(Markup html) {
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
}
