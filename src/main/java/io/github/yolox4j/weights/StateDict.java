package io.github.yolox4j.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds a model's state dict in what a checkpoint holds. */
final class StateDict {

  /** Where training programs put it, YOLOX's own first. */
  private static final List<String> KEYS = List.of("model", "state_dict");

  /** What DataParallel puts before every key. */
  private static final String PARALLEL = "module.";

  private static final int KEYS_SHOWN = 20;

  private StateDict() {}

  static Weights weights(MappedFile file, Object root) {
    return new Weights(file, find(file, root), metadata(root));
  }

  /** What training wrote about the model. */
  private static Map<String, String> metadata(Object root) {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (root instanceof Map<?, ?> dict && dict.get(OwnEntries.ROOT) instanceof Map<?, ?> own) {
      if (own.get(OwnEntries.CONFIG) instanceof String config) {
        metadata.put(Weights.CONFIG, config);
      }
      if (own.get(OwnEntries.CLASSES) instanceof List<?> names) {
        metadata.put(
            Weights.CLASSES,
            names.stream()
                .map(name -> String.valueOf(name).replaceAll("\\p{C}", "?"))
                .collect(Collectors.joining("\n")));
      }
    }
    return metadata;
  }

  static Map<String, WeightArray> find(MappedFile file, Object root) {
    if (!(root instanceof Map<?, ?> dict)) {
      throw file.broken("it holds no dict, so no state dict");
    }
    for (String key : KEYS) {
      if (dict.get(key) instanceof Map<?, ?> candidate) {
        return tensors(candidate)
            .orElseThrow(
                () -> file.broken("its entry '%s' is not a dict of tensors only".formatted(key)));
      }
    }
    return tensors(dict)
        .orElseThrow(
            () ->
                file.broken(
                    "it holds no state dict: expected the key 'model' or 'state_dict', found %s"
                        .formatted(keys(dict))));
  }

  private static String keys(Map<?, ?> dict) {
    String shown =
        dict.keySet().stream()
            .limit(KEYS_SHOWN)
            .map(key -> "'" + key + "'")
            .collect(Collectors.joining(", "));
    return dict.size() > KEYS_SHOWN ? shown + ", ..." : dict.isEmpty() ? "an empty dict" : shown;
  }

  private static Optional<Map<String, WeightArray>> tensors(Map<?, ?> dict) {
    boolean parallel =
        dict.keySet().stream().allMatch(key -> key instanceof String s && s.startsWith(PARALLEL));
    Map<String, WeightArray> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      if (!(entry.getKey() instanceof String key
          && entry.getValue() instanceof WeightArray array)) {
        return Optional.empty();
      }
      tensors.put(parallel ? key.substring(PARALLEL.length()) : key, array);
    }
    return tensors.isEmpty() ? Optional.empty() : Optional.of(tensors);
  }
}
