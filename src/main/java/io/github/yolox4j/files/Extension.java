package io.github.yolox4j.files;

import java.nio.file.Path;
import java.util.Locale;

/** The extension of a file name: what follows its last dot. */
public final class Extension {

  private Extension() {}

  /**
   * Returns a file's extension.
   *
   * @param file the file, which need not exist
   * @return in lower case, without the dot; empty if it has none
   */
  public static String of(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Gives a file another extension, or one if it has none.
   *
   * @param file the file, which need not exist
   * @param extension the new one with its dot; nothing to leave the old one out
   * @return the path beside it
   */
  public static Path replace(Path file, String extension) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + extension);
  }
}
