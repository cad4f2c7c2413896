package io.github.yolox4j.report;

import java.util.Map;

/** What to know about a page's subject, by name. */
record Facts(Map<String, String> facts) {

  void writeTo(Markup html) {
    html.begin("dl", "class", "facts");
    facts.forEach(
        (name, value) -> html.begin("div").element("dt", name).element("dd", value).end());
    html.end();
  }
}
