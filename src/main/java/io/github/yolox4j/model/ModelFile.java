package io.github.yolox4j.model;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A model as a YAML file: the files of {@code models/} and users' own.
 *
 * <p>Left out fields are those of YOLOX-S for the 80 classes of COCO.
 */
public final class ModelFile {

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final ModelSpec DEFAULTS = OfficialModel.S.spec();

  private ModelFile() {}

  /** The file's content as written; absent fields are null. */
  private record Content(String name, Layout network, Size input) {}

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
    Content content = parse(file);
    if (content == null || content.network == null) {
      throw new YoloxException(
          "%s has no section 'network'; expected a model file like those in models/"
              .formatted(file));
    }
    Layout network = content.network;
    Size input = Objects.requireNonNullElse(content.input, new Size(null, null));
    Backbone backbone = Objects.requireNonNullElse(network.backbone, DEFAULTS.backbone());
    ModelSpec defaults =
        backbone == Backbone.CSP_DARKNET ? DEFAULTS : OfficialModel.DARKNET53.spec();
    try {
      return new ModelSpec(
          Objects.requireNonNullElseGet(content.name, () -> nameOf(file)),
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
      throw new YoloxException(file + ": " + e.getMessage(), e);
    }
  }

  private static Content parse(Path file) {
    try {
      return MAPPER.readValue(Files.readString(file), Content.class);
    } catch (NoSuchFileException e) {
      throw new YoloxException("Model file %s does not exist".formatted(file), e);
    } catch (UnrecognizedPropertyException e) {
      throw new YoloxException(
          "%s: unknown key '%s'; did you mean '%s'?"
              .formatted(
                  at(file, e),
                  e.getPropertyName(),
                  nearest(e.getPropertyName(), e.getKnownPropertyIds())),
          e);
    } catch (ValueInstantiationException e) {
      throw new YoloxException("%s: %s".formatted(at(file, e), e.getCause().getMessage()), e);
    } catch (MismatchedInputException e) {
      if (e.getPath().isEmpty()) {
        if (e.getOriginalMessage().startsWith("Trailing token")) {
          throw new YoloxException(at(file, e) + ": a second document begins; expected one", e);
        }
        return null; // an empty file
      }
      Object found =
          e instanceof InvalidFormatException format ? format.getValue() : "something else";
      throw new YoloxException(
          "%s: '%s' is %s; expected %s"
              .formatted(at(file, e), field(e), found, expected(e.getTargetType())),
          e);
    } catch (JsonMappingException e) {
      throw new YoloxException(
          "%s: '%s' is not as expected: %s"
              .formatted(at(file, e), field(e), firstLine(e.getOriginalMessage())),
          e);
    } catch (JsonProcessingException e) {
      throw new YoloxException(
          "%s: not valid YAML: %s".formatted(at(file, e), firstLine(e.getOriginalMessage())), e);
    } catch (IOException e) {
      throw new YoloxException(
          "Model file %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }

  private static String at(Path file, JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null ? file.toString() : file + " line " + location.getLineNr();
  }

  private static String field(JsonMappingException e) {
    return e.getPath().stream()
        .map(r -> r.getFieldName())
        .filter(Objects::nonNull)
        .collect(Collectors.joining("."));
  }

  private static String expected(Class<?> type) {
    if (type == Double.class) {
      return "a number";
    }
    if (type == Integer.class) {
      return "a whole number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> MAPPER.convertValue(constant, String.class))
          .collect(Collectors.joining(" or "));
    }
    return "a section of keys and values";
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static String nearest(String word, Collection<Object> known) {
    return known.stream()
        .map(String::valueOf)
        .min(Comparator.comparingInt(k -> distance(word, k)))
        .orElse("");
  }

  /** Levenshtein's edit distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
