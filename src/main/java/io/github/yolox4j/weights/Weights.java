package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of a model out of a file, by their state-dict keys and in the file's order. Owns the
 * mapping of the file into memory: closing it invalidates every array. Safe for use by many threads
 * until it is closed.
 */
public final class Weights implements AutoCloseable {

  /**
   * The key in {@link #metadata} of the activation function's name, in lower case, that an ONNX
   * file's graph shows.
   */
  public static final String ACTIVATION = "activation";

  /**
   * The key in {@link #metadata} of the only input size that an ONNX file's graph takes, such as
   * {@code 416x640}, height first.
   */
  public static final String INPUT = "input";

  /** The key in {@link #metadata} of the model file that a model was trained by. */
  public static final String CONFIG = Checkpoint.OWN + "." + Checkpoint.CONFIG;

  /** The key in {@link #metadata} of a model's class names, one per line. */
  public static final String CLASSES = Checkpoint.OWN + "." + Checkpoint.CLASSES;

  private final MappedFile file;
  private final Map<String, WeightArray> arrays;
  private final Map<String, String> metadata;

  Weights(MappedFile file, Map<String, WeightArray> arrays, Map<String, String> metadata) {
    this.file = file;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Opens a weights file; its format is told from its content, not from its name. In a PyTorch
   * checkpoint the state dict is looked for under {@code model}, then under {@code state_dict},
   * else the checkpoint must be one itself; the prefix that DataParallel puts before every key is
   * taken off. An exported ONNX model gives the state dict of the YOLOX network that its graph is;
   * where the exporter has folded a BatchNorm into its convolution, that holds one that folds to
   * the same.
   *
   * @param path a .pth file in PyTorch's zip or older format, a safetensors or an ONNX file
   * @return the weights, to be closed by the caller
   * @throws YoloxException if the file cannot be read, is damaged, or holds no state dict or no
   *     YOLOX network
   */
  public static Weights read(Path path) {
    return MappedFile.read(path, file -> WeightFormat.of(file).read(file));
  }

  /** {@return the tensors by state-dict key, in the file's order; unmodifiable} */
  public Map<String, WeightArray> arrays() {
    return arrays;
  }

  /** {@return the file's path, for messages} */
  public String source() {
    return file.source();
  }

  /**
   * {@return the metadata of a safetensors or ONNX file, and what this program's training wrote
   * into a checkpoint; empty for other files}
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** {@return a name per class id; empty if the file does not tell} */
  public Optional<List<String>> classNames() {
    return Optional.ofNullable(metadata.get(CLASSES)).map(names -> names.lines().toList());
  }

  /**
   * {@return what the metadata tell about the model, as a checkpoint has it under {@link
   * Checkpoint#OWN}; empty if they tell nothing}
   */
  public Map<String, Object> ownEntries() {
    Map<String, Object> own = new LinkedHashMap<>();
    classNames().ifPresent(names -> own.put(Checkpoint.CLASSES, names));
    if (metadata.containsKey(CONFIG)) {
      own.put(Checkpoint.CONFIG, metadata.get(CONFIG));
    }
    return own;
  }

  /** Unmaps the file; its arrays can no longer be read. */
  @Override
  public void close() {
    file.close();
  }
}
