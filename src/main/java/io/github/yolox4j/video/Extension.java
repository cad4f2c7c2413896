package io.github.yolox4j.video;

import java.nio.file.Path;

/** A file name's extension. */
final class Extension {

  private Extension() {}

  /** Returns a path with another extension, or with one if it has none. */
  static Path replace(Path path, String extension) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return path.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + extension);
  }
}
