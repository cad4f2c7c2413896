package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** The numbers of an evaluation, for people and for programs. Immutable. */
public sealed interface Accuracy permits CocoAccuracy, VocAccuracy {

  /**
   * Shows the numbers of the data set, then those of its classes.
   *
   * @return lines for people, each ended
   */
  String table();

  /**
   * Returns the numbers as a report shows them.
   *
   * @return the scores
   */
  EvaluationScores scores();

  /**
   * Writes the numbers as fields of an object that is open.
   *
   * @param json where to
   * @throws IOException when writing fails
   */
  void write(JsonGenerator json) throws IOException;
}
