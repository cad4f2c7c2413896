package io.github.yolox4j.ffi.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operator's signature, as libtorch writes it: {@code aten::cat(Tensor[] tensors, int dim=0) ->
 * Tensor}.
 *
 * @param name with its namespace
 * @param overload empty for the operator that has no name of its own among those of its name
 * @param arguments in order
 * @param results their types in order
 */
record Schema(String name, String overload, List<Argument> arguments, List<Type> results) {

  private static final Pattern SIGNATURE =
      Pattern.compile("(\\w+::\\w+)(?:\\.(\\w+))?\\((.*)\\) -> (.*)");
  private static final Pattern ARGUMENT = Pattern.compile("(\\S+?) (\\w+)(?:=.*)?");
  private static final Pattern TYPE = Pattern.compile("(\\w+)((?:\\[\\d*]|\\?)*)");

  /** What aliases what, which matters to nobody here: {@code (a!)}, {@code (a -> *)}. */
  private static final Pattern ALIAS = Pattern.compile("\\((?:\\w+!?|\\w+ -> \\*)\\)");

  /**
   * An argument.
   *
   * @param type its type
   * @param name its name
   */
  record Argument(Type type, String name) {}

  /**
   * Reads a signature.
   *
   * @throws IllegalArgumentException if it is none, or has a type that cannot cross the stable
   *     interface
   */
  static Schema parse(String text) {
    // aliases are written right after a type, results in a pair of their own: the name comes first
    int open = text.indexOf('(');
    Matcher signature =
        open < 0
            ? SIGNATURE.matcher(text)
            : SIGNATURE.matcher(
                text.substring(0, open) + ALIAS.matcher(text.substring(open)).replaceAll(""));
    if (!signature.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no schema; expected name(type name, ...) -> type".formatted(text));
    }
    List<Argument> arguments = new ArrayList<>();
    for (String part : split(signature.group(3))) {
      if (!part.equals("*")) { // after it come arguments that Python passes by name
        Matcher argument = ARGUMENT.matcher(part);
        if (!argument.matches()) {
          throw new IllegalArgumentException("'%s' is no argument in '%s'".formatted(part, text));
        }
        arguments.add(new Argument(type(argument.group(1), text), argument.group(2)));
      }
    }
    String returned = signature.group(4);
    boolean several = returned.startsWith("(");
    List<Type> results = new ArrayList<>();
    for (String part : split(several ? returned.substring(1, returned.length() - 1) : returned)) {
      results.add(type(part.split(" ", 2)[0], text));
    }
    String overload = signature.group(2) == null ? "" : signature.group(2);
    return new Schema(signature.group(1), overload, List.copyOf(arguments), List.copyOf(results));
  }

  /** Splits at commas that are in no brackets. */
  private static List<String> split(String list) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '[' || c == '(') {
        depth++;
      } else if (c == ']' || c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(list.substring(start, i).strip());
        start = i + 1;
      }
    }
    if (start < list.length()) {
      parts.add(list.substring(start).strip());
    }
    return parts;
  }

  private static Type type(String text, String schema) {
    Matcher matcher = TYPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is no type in '%s'".formatted(text, schema));
    }
    Type type = atom(matcher.group(1), schema);
    String suffixes = matcher.group(2);
    for (int i = 0; i < suffixes.length(); i++) {
      switch (suffixes.charAt(i)) {
        case '[' -> type = new Type.ListOf(type);
        case '?' -> type = new Type.OptionalOf(type);
        default -> {
          // a list's length, or its end
        }
      }
    }
    return type;
  }

  private static Type atom(String name, String schema) {
    String plain = name.equals("SymInt") ? Type.Atom.INT.toString() : name;
    for (Type.Atom atom : Type.Atom.values()) {
      if (atom.toString().equals(plain)) {
        return atom;
      }
    }
    throw new IllegalArgumentException(
        "'%s' in '%s' cannot cross libtorch's stable interface".formatted(name, schema));
  }

  /** The operator's name, which tells it from all others. */
  String qualified() {
    return overload.isEmpty() ? name : name + "." + overload;
  }
}
