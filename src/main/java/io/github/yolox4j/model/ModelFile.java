package io.github.yolox4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A model as a YAML file: the files of {@code models/} and users' own.
 *
 * <p>Left out fields are those of YOLOX-S for the 80 classes of COCO.
 */
public final class ModelFile {

  private static final ModelSpec DEFAULTS = OfficialModel.S.spec();

  private ModelFile() {}

  /** The file's content as written; absent fields are null. */
  private record Content(String name, Layout network, Size input, JsonNode training) {}

  private record Layout(
      Backbone backbone,
      Double depth,
      Double width,
      Boolean depthwise,
      Activation activation,
      Integer channels,
      Integer classes) {}

  private record Size(Integer height, Integer width) {}

  /**
   * Reads a model file.
   *
   * @param file a YAML file
   * @return the model
   * @throws YoloxException if the file is missing, not YAML, has an unknown key or a value out of
   *     range; the message names the file and the line
   */
  public static ModelSpec read(Path file) {
    return spec(content(file), nameOf(file), file.toString());
  }

  /**
   * Reads the content of a model file.
   *
   * @param text YAML
   * @param source where it is from, for messages
   * @return the model
   * @throws YoloxException as {@link #read} does
   */
  public static ModelSpec parse(String text, String source) {
    return spec(content(text, source), source, source);
  }

  /**
   * Reads the section of a model file's content that says how the model is trained.
   *
   * @param text YAML
   * @param source where it is from, for messages
   * @return the section, empty if there is none
   * @throws YoloxException as {@link #read} does
   */
  public static Optional<JsonNode> parseTraining(String text, String source) {
    return Optional.ofNullable(content(text, source).training).filter(section -> !section.isNull());
  }

  private static Content content(String text, String source) {
    Content content = StrictYaml.convert(StrictYaml.parse(text, source), Content.class, source);
    return content == null ? new Content(null, null, null, null) : content;
  }

  private static ModelSpec spec(Content content, String name, String source) {
    if (content.network == null) {
      throw new YoloxException(
          "%s has no section 'network'; expected a model file like those in models/"
              .formatted(source));
    }
    Layout network = content.network;
    Size input = Objects.requireNonNullElse(content.input, new Size(null, null));
    Backbone backbone = Objects.requireNonNullElse(network.backbone, DEFAULTS.backbone());
    ModelSpec defaults =
        backbone == Backbone.CSP_DARKNET ? DEFAULTS : OfficialModel.DARKNET53.spec();
    try {
      return new ModelSpec(
          Objects.requireNonNullElse(content.name, name),
          backbone,
          Objects.requireNonNullElse(network.depth, defaults.depth()),
          Objects.requireNonNullElse(network.width, defaults.width()),
          Objects.requireNonNullElse(network.depthwise, defaults.depthwise()),
          Objects.requireNonNullElse(network.activation, defaults.activation()),
          Objects.requireNonNullElse(network.channels, defaults.inputChannels()),
          Objects.requireNonNullElse(network.classes, defaults.classes()),
          Objects.requireNonNullElse(input.height, defaults.inputHeight()),
          Objects.requireNonNullElse(input.width, defaults.inputWidth()));
    } catch (IllegalArgumentException e) {
      throw new YoloxException(source + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the section of a model file that says how the model is trained.
   *
   * @param file a YAML file
   * @return the section, empty if the file has none
   * @throws YoloxException as {@link #read} does
   */
  public static Optional<JsonNode> training(Path file) {
    return Optional.ofNullable(content(file).training).filter(section -> !section.isNull());
  }

  /**
   * Makes the content of a model file.
   *
   * @param spec the model
   * @return the sections {@code name}, {@code network} and {@code input}
   */
  public static ObjectNode tree(ModelSpec spec) {
    Layout network =
        new Layout(
            spec.backbone(),
            spec.depth(),
            spec.width(),
            spec.depthwise(),
            spec.activation(),
            spec.inputChannels(),
            spec.classes());
    ObjectNode root =
        StrictYaml.tree(
            new Content(
                spec.name(), network, new Size(spec.inputHeight(), spec.inputWidth()), null));
    root.remove("training");
    return root;
  }

  private static Content content(Path file) {
    return StrictYaml.read(file, Content.class)
        .orElseGet(() -> new Content(null, null, null, null));
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }
}
