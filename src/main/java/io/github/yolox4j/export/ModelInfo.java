package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.weights.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an exported model says about itself.
 *
 * @param spec the model; its input size is the exported one's
 * @param classNames a name per class
 * @param options how it is exported
 */
record ModelInfo(ModelSpec spec, List<String> classNames, ExportOptions options) {

  ModelInfo {
    if (classNames.size() != spec.classes()) {
      throw new YoloxException(
          "%d class names were given; model %s has %d classes"
              .formatted(classNames.size(), spec.name(), spec.classes()));
    }
    if (options.scaling() == InputScaling.LEGACY
        && spec.inputChannels() != InputScaling.MEAN.size()) {
      throw new YoloxException(
          "Model %s reads %d channels; the legacy scaling needs %d"
              .formatted(spec.name(), spec.inputChannels(), InputScaling.MEAN.size()));
    }
  }

  /** The anchor points of a picture of the model's size. */
  int points() {
    return Network.STRIDES.stream()
        .mapToInt(stride -> spec.inputHeight() / stride * (spec.inputWidth() / stride))
        .sum();
  }

  /** Keys and values; those of {@link Weights} let this program read the model back. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("model", spec.name());
    metadata.put("input_size", spec.inputHeight() + "x" + spec.inputWidth());
    metadata.put(
        "strides", Network.STRIDES.stream().map(String::valueOf).collect(Collectors.joining(",")));
    if (options.output() instanceof Output.Detections(float confidence, float iou, int maximum)) {
      metadata.put("confidence", String.valueOf(confidence));
      metadata.put("iou", String.valueOf(iou));
      metadata.put("max_detections", String.valueOf(maximum));
    }
    metadata.put(Weights.CLASSES, String.join("\n", classNames));
    metadata.put(Weights.CONFIG, ModelFile.write(spec));
    return metadata;
  }
}
