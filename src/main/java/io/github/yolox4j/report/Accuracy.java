package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.eval.CocoClassMetrics;
import java.io.IOException;
import java.util.List;

/** What a metric says of a data set, for people and for programs. Immutable. */
public sealed interface Accuracy permits CocoAccuracy, VocAccuracy {

  /**
   * A number of a data set.
   *
   * @param name its short name, such as AP50
   * @param meaning what it measures
   * @param value 0 to 1, or -1 if there is no object to measure with
   */
  record Score(String name, String meaning, double value) {}

  /** {@return what the metric is called} */
  String metric();

  /** {@return the data set's numbers} */
  List<Score> numbers();

  /** {@return the classes' numbers, by the ground truth's categories} */
  List<CocoClassMetrics> classes();

  /**
   * {@return the numbers of the data set, then those of its classes: lines for people, each ended}
   */
  String table();

  /**
   * Writes the numbers as fields of an object that is open.
   *
   * @param json where to
   * @throws IOException when writing fails
   */
  void write(JsonGenerator json) throws IOException;
}
