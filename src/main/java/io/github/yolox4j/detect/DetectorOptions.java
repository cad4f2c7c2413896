package io.github.yolox4j.detect;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a {@link Detector} works. Start from {@link #DEFAULTS} and change what differs.
 *
 * @param confidence the least score of a detection, 0 to 1
 * @param nms the IoU above which the lower of two boxes is dropped, 0 to 1
 * @param agnostic whether boxes of different classes suppress each other
 * @param size the network's input size; nothing for the model's own
 * @param model the model; nothing to tell it from the weights
 * @param classNames a name per class; nothing for COCO's or numbers
 * @param scaling what becomes of the pictures' bytes
 * @param precision what the network computes in
 * @param device where the network runs
 * @param clipped whether boxes end at the picture's edges; those of published figures do not
 * @param augmented whether each picture is also looked at mirrored and in other sizes, which finds
 *     more and takes several times as long
 * @param engine how the network runs
 * @param notices is told in one sentence when another engine runs than the one that is wanted
 */
public record DetectorOptions(
    float confidence,
    float nms,
    boolean agnostic,
    Optional<InputSize> size,
    Optional<ModelSpec> model,
    Optional<List<String>> classNames,
    InputScaling scaling,
    Precision precision,
    ComputeDevice device,
    boolean clipped,
    boolean augmented,
    EngineKind engine,
    Consumer<String> notices) {

  /** Confidence 0.3, NMS 0.45 within each class, fp32 on the CPU. */
  public static final DetectorOptions DEFAULTS =
      new DetectorOptions(
          0.3f,
          0.45f,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          InputScaling.NONE,
          Precision.FP32,
          ComputeDevice.CPU,
          true,
          false,
          EngineKind.AUTO,
          _ -> {});

  /** Checks the thresholds. */
  public DetectorOptions {
    requireShare("confidence", confidence);
    requireShare("nms", nms);
    classNames = classNames.map(List::copyOf);
  }

  private static void requireShare(String field, float value) {
    if (!(value >= 0 && value <= 1)) {
      throw new YoloxException("%s is %s; expected a number from 0 to 1".formatted(field, value));
    }
  }

  /**
   * Changes the least score.
   *
   * @param threshold 0 to 1
   * @return the changed options
   */
  public DetectorOptions withConfidence(double threshold) {
    return changed(draft -> draft.confidence = (float) threshold);
  }

  /**
   * Changes the suppression.
   *
   * @param threshold the IoU above which the lower of two boxes is dropped, 0 to 1
   * @return the changed options
   */
  public DetectorOptions withNms(double threshold) {
    return changed(draft -> draft.nms = (float) threshold);
  }

  /**
   * Changes whether boxes of different classes suppress each other.
   *
   * @param across true for class-agnostic suppression
   * @return the changed options
   */
  public DetectorOptions withAgnostic(boolean across) {
    return changed(draft -> draft.agnostic = across);
  }

  /**
   * Changes the network's input size.
   *
   * @param input the size
   * @return the changed options
   */
  public DetectorOptions withSize(InputSize input) {
    return changed(draft -> draft.size = Optional.of(input));
  }

  /**
   * Changes the model, which is else told from the weights.
   *
   * @param spec the model
   * @return the changed options
   */
  public DetectorOptions withModel(ModelSpec spec) {
    return changed(draft -> draft.model = Optional.of(spec));
  }

  /**
   * Changes the names of the classes.
   *
   * @param names a name per class
   * @return the changed options
   */
  public DetectorOptions withClassNames(List<String> names) {
    return changed(draft -> draft.classNames = Optional.of(names));
  }

  /**
   * Changes what becomes of the pictures' bytes.
   *
   * @param input {@link InputScaling#LEGACY} for weights older than release 0.1.1
   * @return the changed options
   */
  public DetectorOptions withScaling(InputScaling input) {
    return changed(draft -> draft.scaling = input);
  }

  /**
   * Changes what the network computes in.
   *
   * @param type the type
   * @return the changed options
   */
  public DetectorOptions withPrecision(Precision type) {
    return changed(draft -> draft.precision = type);
  }

  /**
   * Changes where the network runs.
   *
   * @param place the device
   * @return the changed options
   */
  public DetectorOptions withDevice(ComputeDevice place) {
    return changed(draft -> draft.device = place);
  }

  /**
   * Changes whether boxes are clipped.
   *
   * @param clip whether boxes end at the picture's edges
   * @return the changed options
   */
  public DetectorOptions withClipping(boolean clip) {
    return changed(draft -> draft.clipped = clip);
  }

  /**
   * Changes test-time augmentation.
   *
   * @param look whether pictures are also looked at mirrored and in other sizes
   * @return the changed options
   */
  public DetectorOptions withAugmentation(boolean look) {
    return changed(draft -> draft.augmented = look);
  }

  /**
   * Changes how the network runs.
   *
   * @param kind the engine
   * @return the changed options
   */
  public DetectorOptions withEngine(EngineKind kind) {
    return changed(draft -> draft.engine = kind);
  }

  /**
   * Changes who is told when another engine runs than the one that is wanted.
   *
   * @param listener is told one sentence, from any thread
   * @return the changed options
   */
  public DetectorOptions withNotices(Consumer<String> listener) {
    return changed(draft -> draft.notices = listener);
  }

  /** The same fields while one of them is being changed. */
  private static final class Draft {
    private float confidence;
    private float nms;
    private boolean agnostic;
    private Optional<InputSize> size;
    private Optional<ModelSpec> model;
    private Optional<List<String>> classNames;
    private InputScaling scaling;
    private Precision precision;
    private ComputeDevice device;
    private boolean clipped;
    private boolean augmented;
    private EngineKind engine;
    private Consumer<String> notices;

    private Draft(DetectorOptions options) {
      confidence = options.confidence;
      nms = options.nms;
      agnostic = options.agnostic;
      size = options.size;
      model = options.model;
      classNames = options.classNames;
      scaling = options.scaling;
      precision = options.precision;
      device = options.device;
      clipped = options.clipped;
      augmented = options.augmented;
      engine = options.engine;
      notices = options.notices;
    }

    private DetectorOptions build() {
      return new DetectorOptions(
          confidence,
          nms,
          agnostic,
          size,
          model,
          classNames,
          scaling,
          precision,
          device,
          clipped,
          augmented,
          engine,
          notices);
    }
  }

  private DetectorOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.build();
  }
}
