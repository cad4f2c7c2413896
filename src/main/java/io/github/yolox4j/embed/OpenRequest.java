package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.Precision;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a {@code yolox_options} and opens the detector that it asks for. */
final class OpenRequest {

  private static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("struct_size"),
          ADDRESS.withName("weights"),
          ADDRESS.withName("model"),
          ADDRESS.withName("device"),
          ADDRESS.withName("engine"),
          ADDRESS.withName("precision"),
          ADDRESS.withName("class_names"),
          JAVA_INT.withName("threads"),
          JAVA_INT.withName("input_width"),
          JAVA_INT.withName("input_height"),
          JAVA_FLOAT.withName("confidence"),
          JAVA_FLOAT.withName("nms"),
          JAVA_INT.withName("agnostic"),
          JAVA_INT.withName("legacy"),
          MemoryLayout.paddingLayout(Integer.BYTES));

  private final MemorySegment struct;

  @SuppressWarnings("restricted")
  OpenRequest(MemorySegment struct) {
    this.struct = struct.reinterpret(LAYOUT.byteSize());
  }

  /** Opens a detector, which the caller closes. */
  Detector open() {
    Path weights = Path.of(text("weights").orElseThrow());
    DetectorOptions options = options();
    if (integer("threads") != 0) {
      IntraOpThreads.set(integer("threads"));
    }
    return Detector.open(weights, options);
  }

  private DetectorOptions options() {
    if (integer("threads") < 0) {
      throw new IllegalArgumentException(
          "threads is %d; expected 0 or more".formatted(integer("threads")));
    }
    DetectorOptions options =
        DetectorOptions.DEFAULTS
            .withAgnostic(integer("agnostic") != 0)
            .withScaling(integer("legacy") != 0 ? InputScaling.LEGACY : InputScaling.NONE)
            .withEngine(
                named("engine", EngineKind.values(), EngineKind::key).orElse(EngineKind.AUTO))
            .withPrecision(
                named("precision", Precision.values(), Precision::key).orElse(Precision.FP32));
    if (text("model").isPresent()) {
      options = options.withModel(model(text("model").get()));
    }
    if (text("class_names").isPresent()) {
      options = options.withClassNames(ClassNames.read(Path.of(text("class_names").get())));
    }
    try {
      if (!(number("confidence") < 0)) {
        options = options.withConfidence(number("confidence"));
      }
      if (!(number("nms") < 0)) {
        options = options.withNms(number("nms"));
      }
      if (integer("input_width") != 0 || integer("input_height") != 0) {
        options = options.withSize(new InputSize(integer("input_height"), integer("input_width")));
      }
      return options.withDevice(ComputeDevice.of(text("device").orElse("auto")));
    } catch (YoloxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static ModelSpec model(String name) {
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return ModelFile.read(Path.of(name)).spec();
    }
    return one("model", name, OfficialModel.values(), OfficialModel::key).spec();
  }

  private <T> Optional<T> named(String field, T[] values, Function<T, String> key) {
    return text(field).map(name -> one(field, name, values, key));
  }

  private static <T> T one(String field, String name, T[] values, Function<T, String> key) {
    return Arrays.stream(values)
        .filter(value -> key.apply(value).equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s '%s' is unknown; expected %s"
                        .formatted(
                            field,
                            name,
                            Arrays.stream(values).map(key).collect(Collectors.joining(", ")))));
  }

  private Optional<String> text(String field) {
    return NativeText.read(struct.get(ADDRESS, offset(field)));
  }

  private int integer(String field) {
    return struct.get(JAVA_INT, offset(field));
  }

  private float number(String field) {
    return struct.get(JAVA_FLOAT, offset(field));
  }

  private static long offset(String field) {
    return LAYOUT.byteOffset(PathElement.groupElement(field));
  }
}
