package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.report.EvaluationScores;
import java.io.IOException;
import java.io.PrintStream;

/** The numbers of an evaluation, for people and for programs. */
interface Accuracy {

  /** Prints tables. */
  void print(PrintStream out);

  /** The numbers as a report shows them. */
  EvaluationScores scores();

  /** Writes fields into an object that is open. */
  void write(JsonGenerator json) throws IOException;
}
