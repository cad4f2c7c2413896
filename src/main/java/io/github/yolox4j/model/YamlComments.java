package io.github.yolox4j.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What keys of a YAML file mean, as comments behind their values. */
final class YamlComments {

  private static final Pattern LINE = Pattern.compile("( *)([a-z0-9-]+):.*");
  private static final int INDENT = 2;

  private final Map<String, String> comments = new HashMap<>();

  /** Adds what a record's annotations say of its components, and the components of those. */
  void add(Class<?> record, String prefix) {
    for (RecordComponent component : record.getRecordComponents()) {
      String key = prefix + StrictYaml.key(component.getName());
      Class<?> type = component.getType();
      var meaning = component.getAccessor().getAnnotation(JsonPropertyDescription.class);
      String choices =
          type.isEnum() ? StrictYaml.constants(type).collect(Collectors.joining(" | ")) : "";
      if (type.isRecord()) {
        boolean inner = component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
        add(type, inner ? prefix : key + ".");
      } else if (meaning != null) {
        comments.put(key, choices.isEmpty() ? meaning.value() : choices + ": " + meaning.value());
      } else if (!choices.isEmpty()) {
        comments.put(key, choices);
      }
    }
  }

  /** Puts the comments into YAML. */
  String in(String yaml) {
    List<String> path = new ArrayList<>();
    return yaml.lines()
        .map(
            line -> {
              Matcher entry = LINE.matcher(line);
              if (!entry.matches()) {
                return line;
              }
              path.subList(entry.group(1).length() / INDENT, path.size()).clear();
              path.add(entry.group(2));
              String comment = comments.get(String.join(".", path));
              return comment == null ? line : "%-31s # %s".formatted(line, comment);
            })
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
