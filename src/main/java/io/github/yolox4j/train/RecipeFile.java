package io.github.yolox4j.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.StrictYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recipes as YAML: what a model file and the command line say, over a model's own recipe. */
public final class RecipeFile {

  private RecipeFile() {}

  /**
   * Reads the recipe of a model file. What it leaves out is as in {@link Recipe#of}.
   *
   * @param file a model file
   * @return its recipe
   * @throws YoloxException if the file cannot be read, has an unknown key or a value out of range;
   *     the message names the key
   */
  public static Recipe read(Path file) {
    return over(ModelFile.read(file), file.toString());
  }

  /**
   * Reads the recipe in a model file's content.
   *
   * @param text YAML
   * @param source where it is from, for messages
   * @return the recipe
   * @throws YoloxException as {@link #read} does
   */
  public static Recipe parse(String text, String source) {
    return over(ModelFile.parse(text, source), source);
  }

  private static Recipe over(ModelFile file, String source) {
    return over(Recipe.of(file.spec()), file, source);
  }

  private static Recipe over(Recipe defaults, ModelFile file, String source) {
    ObjectNode tree = StrictYaml.tree(defaults);
    file.training().ifPresent(changes -> merge(tree, changes, "", source));
    return convert(tree, source);
  }

  /** The recipe of an official model's file. */
  static Recipe official(OfficialModel model) {
    String name = model.key() + ".yaml";
    try (InputStream in = ModelFile.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return over(Recipe.DEFAULT, ModelFile.parse(text, name), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Changes single values of a recipe.
   *
   * @param recipe the recipe
   * @param settings values by key, such as {@code optimizer.rate}, as they would stand in YAML
   * @param source where the settings are from, for messages
   * @return the changed recipe
   * @throws YoloxException if a key is unknown, the message naming the nearest, or a value is out
   *     of range
   */
  public static Recipe change(Recipe recipe, Map<String, String> settings, String source) {
    ObjectNode tree = StrictYaml.tree(recipe);
    List<String> keys = keys(tree, "");
    settings.forEach(
        (key, text) -> {
          if (!keys.contains(key)) {
            throw new YoloxException(
                "%s: unknown key '%s'; did you mean '%s'?"
                    .formatted(source, key, StrictYaml.nearest(key, keys)));
          }
          int last = key.lastIndexOf('.');
          ObjectNode parent =
              last < 0
                  ? tree
                  : (ObjectNode) tree.at("/" + key.substring(0, last).replace('.', '/'));
          parent.set(key.substring(last + 1), StrictYaml.parse(text, source + ": '" + key + "'"));
        });
    return convert(tree, source);
  }

  /**
   * Lists the keys that can be set.
   *
   * @return every key of a recipe
   */
  public static List<String> keys() {
    return keys(StrictYaml.tree(Recipe.DEFAULT), "");
  }

  /**
   * Writes a model file with everything about a run, which can be trained from again.
   *
   * @param spec the model
   * @param recipe its recipe
   * @return YAML
   */
  public static String write(ModelSpec spec, Recipe recipe) {
    return ModelFile.write(spec, recipe);
  }

  /**
   * Writes the same with a comment where a key's name does not say what it means.
   *
   * @param spec the model
   * @param recipe its recipe
   * @return YAML
   */
  public static String explained(ModelSpec spec, Recipe recipe) {
    return ModelFile.explained(spec, recipe);
  }

  private static Recipe convert(ObjectNode tree, String source) {
    return StrictYaml.convert(tree, Recipe.class, source);
  }

  private static List<String> keys(ObjectNode tree, String prefix) {
    List<String> keys = new ArrayList<>();
    tree.properties()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof ObjectNode section) {
                keys.addAll(keys(section, prefix + entry.getKey() + "."));
              } else {
                keys.add(prefix + entry.getKey());
              }
            });
    return keys;
  }

  private static void merge(ObjectNode tree, JsonNode changes, String prefix, String source) {
    if (!changes.isObject()) {
      throw new YoloxException(
          "%s: 'training%s' is %s; expected a section of keys and values"
              .formatted(source, prefix.isEmpty() ? "" : "." + prefix, changes));
    }
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      String key = change.getKey();
      JsonNode present = tree.get(key);
      if (present == null) {
        List<String> known = new ArrayList<>();
        tree.fieldNames().forEachRemaining(known::add);
        throw new YoloxException(
            "%s: unknown key 'training.%s%s'; did you mean '%s'?"
                .formatted(source, prefix, key, StrictYaml.nearest(key, known)));
      }
      if (present instanceof ObjectNode section) {
        merge(section, change.getValue(), prefix + key + ".", source);
      } else {
        tree.set(key, change.getValue());
      }
    }
  }
}
