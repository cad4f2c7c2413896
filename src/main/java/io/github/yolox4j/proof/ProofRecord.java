package io.github.yolox4j.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All results so far. Immutable.
 *
 * @param machine what was examined, by name
 * @param results in the order in which they came
 */
public record ProofRecord(Map<String, String> machine, List<ProofResult> results) {

  /** Finds the result of an item. */
  Optional<ProofResult> find(Slice slice, String item) {
    return results.stream()
        .filter(result -> result.slice() == slice && result.item().equals(item))
        .findFirst();
  }

  /** Adds a result, in the place of an older one of the same item. */
  ProofRecord with(ProofResult result) {
    List<ProofResult> all = new ArrayList<>(results);
    all.removeIf(each -> each.slice() == result.slice() && each.item().equals(result.item()));
    all.add(result);
    return new ProofRecord(machine, List.copyOf(all));
  }

  /**
   * Counts results.
   *
   * @param outcome which
   * @return how many there are
   */
  public long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
