package io.github.yolox4j.proof;

import java.util.List;
import java.util.Map;

/**
 * A finding with its place in the proof.
 *
 * @param slice what it belongs to
 * @param item which part of that, for example {@code s fp16}
 * @param outcome how it went
 * @param says one sentence for people
 * @param seconds how long it took
 * @param figures numbers by name
 * @param speeds for a measurement, by ascending batch
 */
public record ProofResult(
    Slice slice,
    String item,
    Outcome outcome,
    String says,
    double seconds,
    Map<String, Double> figures,
    List<BatchSpeed> speeds) {

  /**
   * Names it for people.
   *
   * @return slice and item
   */
  public String name() {
    return "%s, %s".formatted(slice, item);
  }
}
