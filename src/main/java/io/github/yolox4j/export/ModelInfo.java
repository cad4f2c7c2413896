package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.AnchorGrid;
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
 * @param network the model; the input size of its specification is the exported one's
 * @param classNames a name per class
 * @param options how it is exported
 */
record ModelInfo(Network network, List<String> classNames, ExportOptions options) {

  ModelInfo {
    ModelSpec spec = network.spec();
    if (classNames.size() != spec.classes()) {
      throw new YoloxException(
          "%d class names were given; model %s has %d classes"
              .formatted(classNames.size(), spec.name(), spec.classes()));
    }
  }

  ModelSpec spec() {
    return network.spec();
  }

  /** The cells of a picture of the model's size. */
  int points() {
    return AnchorGrid.of(network.predictions(), spec().inputHeight(), spec().inputWidth()).size();
  }

  /** Keys and values; those of {@link Weights} let this program read the model back. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    ModelSpec spec = spec();
    metadata.put("model", spec.name());
    metadata.put("input_size", spec.inputHeight() + "x" + spec.inputWidth());
    metadata.put(
        "strides",
        network.strides().stream().map(String::valueOf).collect(Collectors.joining(",")));
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
