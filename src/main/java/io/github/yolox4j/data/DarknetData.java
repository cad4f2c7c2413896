package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Darknet's {@code obj.data}: lines of a key, {@code =} and a value, of which the first of a key
 * counts, and comments after {@code #} or {@code ;}.
 *
 * @param file the file
 * @param values by their keys
 */
record DarknetData(Path file, Map<String, String> values) {

  static final String FILE = "obj.data";

  static DarknetData read(Path folder) {
    Path file = folder.resolve(FILE);
    List<String> lines = TextFile.lines("", file);
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      int sign = line.indexOf('=');
      if (sign < 1) {
        throw new YoloxException(
            "%s line %d is '%s'; expected a key, = and a value"
                .formatted(file, i + 1, DatasetLayout.shown(line)));
      }
      values.putIfAbsent(line.substring(0, sign).strip(), line.substring(sign + 1).strip());
    }
    return new DarknetData(file, values);
  }

  /** What a key has; nothing where it is missing or empty. */
  Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** The file that a key names. */
  Path file(String key, String expected) {
    return inside(
        value(key)
            .orElseThrow(
                () ->
                    new YoloxException(
                        "%s: '%s' is missing; expected %s".formatted(file, key, expected))));
  }

  /** What holds the file, an absolute path. */
  Path folder() {
    return file.toAbsolutePath().normalize().getParent();
  }

  /**
   * Where a path leads that begins in this folder or, being written for a program that starts
   * there, in the one above, where this is called data whatever its name is now.
   */
  Path inside(String path) {
    Path place = DatasetLayout.inside(folder(), path);
    Path relative = folder().relativize(place);
    boolean above =
        relative.getNameCount() > 1
            && (relative.startsWith("data")
                || relative.startsWith(String.valueOf(folder().getFileName())));
    return above && !Files.exists(place)
        ? folder().resolve(relative.subpath(1, relative.getNameCount()))
        : place;
  }
}
