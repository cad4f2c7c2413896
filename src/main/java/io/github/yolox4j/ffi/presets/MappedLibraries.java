package io.github.yolox4j.ffi.presets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The libraries that this process has loaded, whoever did it. */
public final class MappedLibraries {

  private static final Path MAPS = Path.of("/proc/self/maps");

  private MappedLibraries() {}

  /**
   * Finds libraries of a name.
   *
   * @param name a file name, which may go on with a version
   * @return the files, each once; none where the system does not tell
   */
  public static List<Path> named(String name) {
    try (Stream<String> lines = Files.lines(MAPS)) {
      return lines
          .filter(line -> line.contains("/" + name))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(file -> file.getFileName().toString().startsWith(name))
          .distinct()
          .toList();
    } catch (IOException e) {
      return List.of(); // not Linux
    }
  }
}
