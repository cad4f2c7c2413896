package io.github.yolox4j.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this program's checkpoints hold besides the weights, and under which keys. */
public final class OwnEntries {

  /** The key of the map with all that is ours. */
  public static final String ROOT = "yolox4j";

  /** The key of the model file that a model was trained by. */
  public static final String CONFIG = "config";

  /** The key of the list of class names. */
  public static final String CLASSES = "classes";

  private OwnEntries() {}

  /**
   * Makes the entries that tell about a model, as they are in other formats' metadata.
   *
   * @param weights a file's weights
   * @return the map to be saved under {@link #ROOT}; empty if the file tells nothing
   */
  public static Map<String, Object> of(Weights weights) {
    Map<String, Object> own = new LinkedHashMap<>();
    weights.classNames().ifPresent(names -> own.put(CLASSES, List.copyOf(names)));
    String config = weights.metadata().get(Weights.CONFIG);
    if (config != null) {
      own.put(CONFIG, config);
    }
    return own;
  }
}
