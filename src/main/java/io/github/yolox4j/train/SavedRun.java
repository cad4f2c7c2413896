package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.weights.Checkpoint;
import io.github.yolox4j.weights.WeightArray;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's checkpoint, opened to go on from. Besides the weights under {@code model}, which every
 * reader of the official checkpoints finds, all is under one key of our own. Owns the mapping of
 * the file into memory.
 */
final class SavedRun implements AutoCloseable {

  static final String MODEL = "model";
  static final String OWN = Checkpoint.OWN;
  static final String FORMAT = "format";
  static final String ITERATION = "iteration";
  static final String CONFIG = Checkpoint.CONFIG;
  static final String CLASSES = Checkpoint.CLASSES;
  static final String IMAGES = "images";
  static final String TRAINED = "trained";
  static final String MOMENTUM = "momentum";
  static final String AVERAGE_UPDATES = "average_updates";
  static final String SCALE = "gradient_scale";
  static final String SCALE_STEPS = "gradient_scale_steps";
  static final String BEST_AP = "best_ap";
  static final String BEST_EPOCH = "best_epoch";
  static final String WITHOUT_BETTER = "evaluations_without_better";

  /** Raised when an older program could not read what is written. */
  static final long VERSION = 1;

  private final Checkpoint file;
  private final Map<?, ?> own;

  private SavedRun(Checkpoint file, Map<?, ?> own) {
    this.file = file;
    this.own = own;
  }

  /** Opens the checkpoint of a run that is to go on. */
  static SavedRun open(RunFolder run) {
    run.requireCheckpoint();
    Path path = run.latest();
    Checkpoint file = Checkpoint.read(path);
    try {
      if (file.root() instanceof Map<?, ?> root && root.get(OWN) instanceof Map<?, ?> own) {
        SavedRun saved = new SavedRun(file, own);
        long version = saved.number(FORMAT);
        if (version != VERSION) {
          throw new YoloxException(
              "%s: '%s' is of format %d; this program reads format %d"
                  .formatted(path, OWN, version, VERSION));
        }
        return saved;
      }
      throw new YoloxException(
          "%s is no checkpoint of a training run of this program: '%s' is missing; begin a run with"
                  .formatted(path, OWN)
              + " -w to train from its weights");
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  String source() {
    return file.source();
  }

  long number(String key) {
    return require(key, Long.class, "a whole number");
  }

  double real(String key) {
    return require(key, Double.class, "a number");
  }

  String text(String key) {
    return require(key, String.class, "a text");
  }

  List<?> list(String key) {
    return require(key, List.class, "a list");
  }

  Map<String, WeightArray> arrays(String key) {
    Map<?, ?> map = require(key, Map.class, "a state dict");
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (!(name instanceof String text) || !(value instanceof WeightArray array)) {
            throw new YoloxException(
                "%s: '%s.%s' is not a state dict".formatted(source(), OWN, key));
          }
          arrays.put(text, array);
        });
    return arrays;
  }

  /** The averaged weights. */
  Map<String, WeightArray> model() {
    return file.stateDict();
  }

  private <T> T require(String key, Class<T> type, String expected) {
    Object value = own.get(key);
    if (!type.isInstance(value)) {
      throw new YoloxException(
          "%s: '%s.%s' is %s; expected %s"
              .formatted(source(), OWN, key, value == null ? "missing" : "damaged", expected));
    }
    return type.cast(value);
  }

  @Override
  public void close() {
    file.close();
  }
}
