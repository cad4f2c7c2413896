package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * Everything that a PyTorch checkpoint holds: model, optimizer, epoch and whatever else was saved.
 * Owns the mapping of the file into memory: closing it invalidates every tensor. Safe for reading
 * by many threads until it is closed.
 */
public final class Checkpoint implements AutoCloseable {

  private final MappedFile file;
  private final Object root;

  private Checkpoint(MappedFile file, Object root) {
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
    MappedFile file = MappedFile.open(path);
    try {
      Object root =
          switch (WeightFormat.of(file)) {
            case TORCH_ZIP -> TorchZip.read(file);
            case TORCH_LEGACY -> TorchLegacy.read(file);
            default -> throw file.broken("it is not a PyTorch checkpoint (.pth)");
          };
      return new Checkpoint(file, root);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
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
   * Returns the model's tensors, found as {@link Weights#read} finds them.
   *
   * @return by state-dict key, in the file's order; unmodifiable
   * @throws YoloxException if the checkpoint holds no state dict
   */
  public Map<String, WeightArray> stateDict() {
    return Collections.unmodifiableMap(StateDict.find(file, root));
  }

  /**
   * Returns where the checkpoint comes from, for messages.
   *
   * @return the file's path
   */
  public String source() {
    return file.source();
  }

  /** Unmaps the file; its tensors can no longer be read. */
  @Override
  public void close() {
    file.close();
  }
}
