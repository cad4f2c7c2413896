package io.github.yolox4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The frame of a page that holds all that it shows and runs nothing. */
final class HtmlPage {

  private static final String DOCTYPE = "<!DOCTYPE html>\n";
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private HtmlPage() {}

  /** Writes a page with a title, which is its first heading too, and a body. */
  static void write(OutputStream out, String title, Consumer<Markup> body) throws IOException {
    Markup html = new Markup();
    html.begin("html", "lang", "en").begin("head").empty("meta", "charset", "utf-8");
    // nothing is fetched or run, whatever a name in a data set contains
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.element("title", title);
    html.begin("style");
    try (InputStream css = HtmlPage.class.getResourceAsStream("report.css")) {
      html.verbatim(new String(css.readAllBytes(), StandardCharsets.UTF_8));
    }
    html.end().end().begin("body").element("h1", title);
    body.accept(html);
    html.end().end();
    out.write((DOCTYPE + html + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
