package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a file's tensors fit a model.
 *
 * @param source the file, for messages
 * @param model the model's name, for messages
 * @param matched keys of the same shape on both sides
 * @param missing keys that only the model has
 * @param unexpected keys that only the file has
 * @param mismatched keys whose shapes differ
 */
public record WeightsMatch(
    String source,
    String model,
    List<String> matched,
    List<String> missing,
    List<String> unexpected,
    List<Mismatch> mismatched) {

  /**
   * A tensor that has another shape than the model's.
   *
   * @param key the state-dict key
   * @param expected the model's shape
   * @param found the file's shape
   */
  public record Mismatch(String key, List<Long> expected, List<Long> found) {
    @Override
    public String toString() {
      return "%s is %s instead of %s".formatted(key, found, expected);
    }
  }

  /**
   * Compares a file with a model.
   *
   * @param spec the model
   * @param weights the file's tensors
   * @return what fits and what does not
   */
  public static WeightsMatch of(ModelSpec spec, Weights weights) {
    List<String> matched = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<Mismatch> mismatched = new ArrayList<>();
    Map<String, WeightArray> rest = new HashMap<>(weights.arrays());
    for (StateEntry entry : Network.of(spec).stateDict()) {
      WeightArray array = rest.remove(entry.key());
      if (array == null) {
        if (entry.role() != StateEntry.Role.COUNTER) { // which nothing needs
          missing.add(entry.key());
        }
        continue;
      }
      List<Long> shape = Arrays.stream(array.shape()).boxed().toList();
      if (shape.equals(entry.shape())) {
        matched.add(entry.key());
      } else {
        mismatched.add(new Mismatch(entry.key(), entry.shape(), shape));
      }
    }
    List<String> unexpected = weights.arrays().keySet().stream().filter(rest::containsKey).toList();
    return new WeightsMatch(
        weights.source(), spec.name(), matched, missing, unexpected, mismatched);
  }

  /** {@return whether every tensor of the model is there in the right shape, and no other} */
  public boolean exact() {
    return complete() && unexpected.isEmpty();
  }

  /** {@return whether every tensor of the model is there in the right shape} */
  public boolean complete() {
    return missing.isEmpty() && mismatched.isEmpty();
  }

  /**
   * Refuses weights that do not fill the model.
   *
   * @throws YoloxException unless {@link #complete}; names the first keys that do not fit
   */
  public void requireComplete() {
    if (!complete()) {
      throw new YoloxException("%s does not fit model %s: %s".formatted(source, model, describe()));
    }
  }

  /**
   * Refuses weights that are not exactly the model's.
   *
   * @throws YoloxException unless {@link #exact}; names the first keys that do not fit
   */
  public void requireExact() {
    if (!exact()) {
      throw new YoloxException(
          "%s does not fit model %s exactly: %s".formatted(source, model, describe()));
    }
  }

  /**
   * {@return in one line what does not fit: counts and the first key of each kind; empty when all
   * fits}
   */
  public String describe() {
    List<String> parts = new ArrayList<>();
    describe(parts, "missing", missing);
    describe(parts, "of another shape", mismatched);
    describe(parts, "unexpected", unexpected);
    return String.join("; ", parts);
  }

  private static void describe(List<String> parts, String kind, List<?> keys) {
    if (!keys.isEmpty()) {
      parts.add(
          "%d %s (%s%s)".formatted(keys.size(), kind, keys.get(0), keys.size() > 1 ? ", ..." : ""));
    }
  }
}
