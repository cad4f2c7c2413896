package io.github.yolox4j.report;

import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The frame of a page that holds all that it shows and runs nothing, and what pages share. */
final class HtmlPage {

  private static final String DOCTYPE = "<!DOCTYPE html>\n";
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private HtmlPage() {}

  /**
   * Writes a page, whole or not at all, with a title, which is its first heading too, and a body.
   *
   * @throws io.github.yolox4j.YoloxException if the file cannot be written
   */
  static void write(Path target, String title, Consumer<Markup> body) {
    AtomicFile.write(target, out -> out.write(page(title, body).getBytes(StandardCharsets.UTF_8)));
  }

  private static String page(String title, Consumer<Markup> body) throws IOException {
    Markup html = new Markup();
    html.begin("html", "lang", "en").begin("head").empty("meta", "charset", "utf-8");
    // nothing is fetched or run, whatever a name in a data set contains
    html.empty("meta", "http-equiv content", "Content-Security-Policy", POLICY);
    html.empty("meta", "name content", "viewport", "width=device-width, initial-scale=1");
    html.element("title", title);
    html.begin("style");
    try (InputStream css = HtmlPage.class.getResourceAsStream("report.css")) {
      html.verbatim(new String(css.readAllBytes(), StandardCharsets.UTF_8));
    }
    html.end().end().begin("body").element("h1", title);
    body.accept(html);
    html.end().end();
    return DOCTYPE + html + "\n";
  }

  /** Shows what to know about a page's subject, by name. */
  static void writeFacts(Markup html, Map<String, String> facts) {
    html.begin("dl", "class", "facts");
    facts.forEach(
        (name, value) -> html.begin("div").element("dt", name).element("dd", value).end());
    html.end();
  }

  /** Shows a data set's numbers, each with its meaning. */
  static void writeTiles(Markup html, List<Accuracy.Score> scores) {
    html.begin("div", "class", "tiles");
    for (Accuracy.Score score : scores) {
      html.begin("div", "class", "tile").element("span", score.name());
      html.element("b", Numbers.part(score.value())).element("small", score.meaning()).end();
    }
    html.end();
  }
}
