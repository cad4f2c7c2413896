package io.github.yolox4j.proof;

import java.util.List;
import java.util.Map;

/**
 * What an item of the proof found.
 *
 * @param outcome how it went
 * @param says one sentence for people
 * @param figures numbers by name
 * @param speeds for a measurement, by ascending batch
 */
record Finding(Outcome outcome, String says, Map<String, Double> figures, List<BatchSpeed> speeds) {

  Finding(Outcome outcome, String says, Map<String, Double> figures) {
    this(outcome, says, figures, List.of());
  }

  static Finding skipped(String why) {
    return new Finding(Outcome.SKIPPED, why, Map.of());
  }
}
