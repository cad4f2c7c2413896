package io.github.yolox4j.files;

import java.nio.file.Path;
import java.util.Locale;

/** The extension of a file name: what follows its last dot. */
public final class Extension {

  private Extension() {}

  /**
   * {@return a file's extension in lower case, without the dot; empty if it has none}
   *
   * @param file the file, which need not exist
   */
  public static String of(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * {@return a path with another extension, or with one if it has none}
   *
   * @param file the file, which need not exist
   * @param extension the new one with its dot; nothing to leave the old one out
   */
  public static Path replace(Path file, String extension) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + extension);
  }
}
