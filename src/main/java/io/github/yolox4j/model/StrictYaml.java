package io.github.yolox4j.model;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * YAML files as records: unknown keys, doubled keys and values of another type are refused in one
 * sentence. Keys are the records' components in kebab case.
 */
public final class StrictYaml {

  private static final PropertyNamingStrategies.NamingBase KEBAB =
      PropertyNamingStrategies.KebabCaseStrategy.INSTANCE;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .propertyNamingStrategy(KEBAB)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .build();

  private static final Pattern QUOTED = Pattern.compile("[Vv]alue \\(?\"([^\"]{1,80})\"\\)?");

  private StrictYaml() {}

  /**
   * Reads a file.
   *
   * @param file a YAML file
   * @return its content
   * @throws YoloxException if the file is missing or cannot be read
   */
  public static String text(Path file) {
    return TextFile.read("Model file", file);
  }

  /**
   * Makes a record of a file's content.
   *
   * @param <T> the record
   * @param text YAML
   * @param type the record
   * @param source where it is from, for messages
   * @return the record, nothing for an empty file
   * @throws YoloxException if it is no YAML, or has an unknown key or a value of another type; the
   *     message names the line
   */
  static <T> Optional<T> read(String text, Class<T> type, String source) {
    try {
      return Optional.ofNullable(MAPPER.readValue(text, type));
    } catch (MismatchedInputException e) {
      if (e.getPath().isEmpty() && !(e instanceof UnrecognizedPropertyException)) {
        if (e.getOriginalMessage().startsWith("Trailing token")) {
          throw new YoloxException(at(source, e) + ": a second document begins; expected one", e);
        }
        return Optional.empty(); // an empty file
      }
      throw failure(source, e);
    } catch (JsonProcessingException e) {
      throw failure(source, e);
    }
  }

  /**
   * Makes a record of a tree.
   *
   * @param <T> the record
   * @param tree the values
   * @param type the record
   * @param source where the values are from, for messages
   * @return the record
   * @throws YoloxException if there is an unknown key or a value of another type
   */
  public static <T> T convert(JsonNode tree, Class<T> type, String source) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw failure(source, e);
    }
  }

  /**
   * Makes a tree of a record.
   *
   * @param record the record
   * @return its components
   */
  public static ObjectNode tree(Object record) {
    return MAPPER.valueToTree(record);
  }

  /**
   * Parses a value as it stands behind a key.
   *
   * @param text YAML
   * @param source where it is from, for messages
   * @return the value
   * @throws YoloxException if it is no YAML
   */
  public static JsonNode parse(String text, String source) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw failure(source, e);
    }
  }

  /**
   * Writes values.
   *
   * @param values a record or a tree
   * @return YAML
   */
  static String write(Object values) {
    try {
      return MAPPER.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static YoloxException failure(String source, JsonProcessingException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          new YoloxException(
              "%s: unknown key '%s'; did you mean '%s'?"
                  .formatted(
                      at(source, e),
                      unknown.getPropertyName(),
                      nearest(
                          unknown.getPropertyName(),
                          unknown.getKnownPropertyIds().stream().map(String::valueOf).toList())),
              e);
      case ValueInstantiationException invalid ->
          new YoloxException("%s: %s".formatted(at(source, e), e.getCause().getMessage()), e);
      case MismatchedInputException mismatch -> {
        Object found =
            e instanceof InvalidFormatException format ? format.getValue() : found(mismatch);
        yield new YoloxException(
            "%s: '%s' is %s; expected %s"
                .formatted(
                    at(source, e), field(mismatch), found, expected(mismatch.getTargetType())),
            e);
      }
      case JsonMappingException mapping ->
          new YoloxException(
              "%s: '%s' is not as expected: %s"
                  .formatted(at(source, e), field(mapping), firstLine(e.getOriginalMessage())),
              e);
      default ->
          new YoloxException(
              "%s: not valid YAML: %s".formatted(at(source, e), firstLine(e.getOriginalMessage())),
              e);
    };
  }

  private static String at(String source, JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null || location.getLineNr() < 1
        ? source
        : source + " line " + location.getLineNr();
  }

  /** What stands there, where Jackson's message quotes it. */
  private static String found(MismatchedInputException e) {
    Matcher quoted = QUOTED.matcher(e.getOriginalMessage());
    return quoted.find() ? quoted.group(1) : "something else";
  }

  private static String field(JsonMappingException e) {
    return e.getPath().stream()
        .map(r -> r.getFieldName())
        .filter(Objects::nonNull)
        .collect(Collectors.joining("."));
  }

  private static String expected(Class<?> type) {
    if (type == Double.class || type == double.class) {
      return "a number";
    }
    if (type == Integer.class || type == int.class || type == long.class) {
      return "a whole number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (type.isEnum()) {
      return constants(type).collect(Collectors.joining(" or "));
    }
    return "a section of keys and values";
  }

  /** What an enumeration's constants are called in YAML. */
  static Stream<String> constants(Class<?> enumeration) {
    return Arrays.stream(enumeration.getEnumConstants())
        .map(constant -> MAPPER.convertValue(constant, String.class));
  }

  /** What a record's component is called in YAML. */
  static String key(String component) {
    return KEBAB.translate(component);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  /**
   * Finds the word that was probably meant.
   *
   * @param word what was written
   * @param known what could have been written
   * @return the most similar of them, empty if there is none
   */
  public static String nearest(String word, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(k -> distance(word, k))).orElse("");
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
