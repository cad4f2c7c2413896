package io.github.yolox4j.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A model as a YAML file: the files of {@code models/}, users' own and those of training runs.
 *
 * <p>Left out fields are those of YOLOX-S for the 80 classes of COCO.
 *
 * @param spec the model
 * @param training the section that says how it is trained, if there is one
 */
public record ModelFile(ModelSpec spec, Optional<JsonNode> training) {

  private static final ModelSpec DEFAULTS = OfficialModel.S.spec();

  /** The file's content as written; absent fields are null. */
  private record Content(
      String name,
      Layout network,
      Size input,
      @JsonInclude(JsonInclude.Include.NON_NULL) JsonNode training) {}

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
   * @return its content
   * @throws YoloxException if the file is missing, not YAML, has an unknown key or a value out of
   *     range; the message names the file and the line
   */
  public static ModelFile read(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    return parse(StrictYaml.text(file), name, file.toString());
  }

  /**
   * Reads the content of a model file.
   *
   * @param text YAML
   * @param source where it is from, for messages
   * @return the content
   * @throws YoloxException as {@link #read} does
   */
  public static ModelFile parse(String text, String source) {
    return parse(text, source, source);
  }

  private static ModelFile parse(String text, String name, String source) {
    Content content = StrictYaml.read(text, Content.class, source).orElse(null);
    if (content == null || content.network == null) {
      throw new YoloxException(
          "%s has no section 'network'; expected a model file like those in models/"
              .formatted(source));
    }
    try {
      return new ModelFile(
          spec(content, name),
          Optional.ofNullable(content.training).filter(section -> !section.isNull()));
    } catch (YoloxException e) {
      throw new YoloxException(source + ": " + e.getMessage(), e);
    }
  }

  private static ModelSpec spec(Content content, String name) {
    Layout network = content.network;
    Size input = Objects.requireNonNullElse(content.input, new Size(null, null));
    Backbone backbone = Objects.requireNonNullElse(network.backbone, DEFAULTS.backbone());
    ModelSpec defaults =
        backbone == Backbone.CSP_DARKNET ? DEFAULTS : OfficialModel.DARKNET53.spec();
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
  }

  /**
   * Writes a model file without a word on training.
   *
   * @param spec the model
   * @return YAML
   */
  public static String write(ModelSpec spec) {
    return StrictYaml.write(content(spec, null));
  }

  /**
   * Writes a model file.
   *
   * @param spec the model
   * @param training how it is trained
   * @return YAML
   */
  public static String write(ModelSpec spec, Record training) {
    return StrictYaml.write(content(spec, StrictYaml.tree(training)));
  }

  /**
   * Writes a model file for people: behind the values of enumerations stand the others, and behind
   * those with a {@link com.fasterxml.jackson.annotation.JsonPropertyDescription} what they mean.
   *
   * @param spec the model
   * @param training how it is trained
   * @return YAML
   */
  public static String explained(ModelSpec spec, Record training) {
    YamlComments comments = new YamlComments();
    comments.add(Layout.class, "network.");
    comments.add(training.getClass(), "training.");
    return comments.in(write(spec, training));
  }

  private static Content content(ModelSpec spec, JsonNode training) {
    Layout network =
        new Layout(
            spec.backbone(),
            spec.depth(),
            spec.width(),
            spec.depthwise(),
            spec.activation(),
            spec.inputChannels(),
            spec.classes());
    return new Content(
        spec.name(), network, new Size(spec.inputHeight(), spec.inputWidth()), training);
  }
}
