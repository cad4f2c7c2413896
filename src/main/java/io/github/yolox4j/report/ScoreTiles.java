package io.github.yolox4j.report;

import java.util.List;

/** A data set's numbers, each with its meaning. */
record ScoreTiles(List<EvaluationScores.Score> scores) {

  void writeTo(Markup html) {
    html.begin("div", "class", "tiles");
    for (EvaluationScores.Score score : scores) {
      html.begin("div", "class", "tile").element("span", score.name());
      html.element("b", Numbers.part(score.value())).element("small", score.meaning()).end();
    }
    html.end();
  }
}
