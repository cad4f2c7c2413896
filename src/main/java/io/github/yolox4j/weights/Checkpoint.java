package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that a PyTorch checkpoint holds: model, optimizer, epoch and whatever else was saved.
 * Owns the mapping of the file into memory: closing it invalidates every tensor. Safe for reading
 * by many threads until it is closed.
 */
public final class Checkpoint implements AutoCloseable {

  /** The key of the dict with all that this program's training adds to a checkpoint. */
  public static final String OWN = "yolox4j";

  /** The key in that dict of the model file that a model was trained by. */
  public static final String CONFIG = "config";

  /** The key in that dict of the list of class names. */
  public static final String CLASSES = "classes";

  /** Where training programs put the state dict, YOLOX's own first. */
  private static final List<String> STATE_DICTS = List.of("model", "state_dict", "ema");

  /** What DataParallel and torch.compile put before every key. */
  private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");

  private static final int KEYS_SHOWN = 20;

  private final MappedFile file;
  private final Object root;

  Checkpoint(MappedFile file, Object root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Opens a checkpoint.
   *
   * @param path a .pth file in PyTorch's zip or older format
   * @return the checkpoint, to be closed by the caller
   * @throws YoloxException if the file cannot be read, is damaged, or asks for more than plain data
   */
  public static Checkpoint read(Path path) {
    return MappedFile.read(
        path,
        file ->
            switch (WeightFormat.of(file)) {
              case TORCH_ZIP -> new Checkpoint(file, TorchZip.read(file));
              case TORCH_LEGACY -> new Checkpoint(file, TorchLegacy.read(file));
              default -> throw file.broken("it is not a PyTorch checkpoint (.pth)");
            });
  }

  /**
   * Returns the tree as it was saved. A dict is a {@link Map} in its order, with keys of type
   * String, Long or Boolean; a list or tuple a {@link java.util.List}; an int a Long, or beyond 64
   * bits a BigInteger; a float or numpy float a Double; a bool a Boolean; a string a String; bytes
   * a {@code byte[]}; None null; a tensor or parameter a {@link WeightArray}. A container may hold
   * itself.
   *
   * @return the root
   */
  public Object root() {
    return root;
  }

  /**
   * {@return the model's tensors, found as {@link Weights#read} finds them, by state-dict key, in
   * the file's order; unmodifiable}
   *
   * @throws YoloxException if the checkpoint holds no state dict
   */
  public Map<String, WeightArray> stateDict() {
    if (!(root instanceof Map<?, ?> dict)) {
      throw file.broken("it holds no dict, so no state dict");
    }
    for (String key : STATE_DICTS) {
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
                    "it holds no state dict: expected the key 'model', 'state_dict' or 'ema', found %s"
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

  /** The length of what stands before every key, of one wrapper inside another too. */
  private static int wrapperLength(Map<?, ?> dict) {
    int length = 0;
    for (Optional<String> next = wrapper(dict, 0); next.isPresent(); next = wrapper(dict, length)) {
      length += next.get().length();
    }
    return length;
  }

  private static Optional<String> wrapper(Map<?, ?> dict, int begin) {
    return WRAPPERS.stream()
        .filter(
            next ->
                !dict.isEmpty()
                    && dict.keySet().stream()
                        .allMatch(key -> key instanceof String s && s.startsWith(next, begin)))
        .findFirst();
  }

  private static Optional<Map<String, WeightArray>> tensors(Map<?, ?> dict) {
    int wrapper = wrapperLength(dict);
    Map<String, WeightArray> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      if (!(entry.getKey() instanceof String key
          && entry.getValue() instanceof WeightArray array)) {
        return Optional.empty();
      }
      tensors.put(key.substring(wrapper), array);
    }
    return tensors.isEmpty() ? Optional.empty() : Optional.of(Collections.unmodifiableMap(tensors));
  }

  /** The model's tensors with what training wrote about them; they own the file. */
  Weights weights() {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (root instanceof Map<?, ?> dict && dict.get(OWN) instanceof Map<?, ?> own) {
      if (own.get(CONFIG) instanceof String config) {
        metadata.put(Weights.CONFIG, config);
      }
      if (own.get(CLASSES) instanceof List<?> names) {
        metadata.put(
            Weights.CLASSES, names.stream().map(this::className).collect(Collectors.joining("\n")));
      }
    }
    return new Weights(file, stateDict(), metadata);
  }

  /** A list's own text may be without bounds, since lists may hold one another. */
  private String className(Object name) {
    if (!(name instanceof String text)) {
      throw file.broken("its entry '%s' holds a class name that is not text".formatted(OWN));
    }
    return text.replaceAll("\\p{C}", "?");
  }

  /** {@return the file's path, for messages} */
  public String source() {
    return file.source();
  }

  /** Unmaps the file; its tensors can no longer be read. */
  @Override
  public void close() {
    file.close();
  }
}
