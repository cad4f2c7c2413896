package io.github.yolox4j.files;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The encoding in which this process reads the names of files, by its locale. A disk may hold names
 * that are no text in it: such a file can be listed, but what is written of its name leads nowhere.
 */
public final class NameEncoding {

  private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private NameEncoding() {}

  /**
   * Tells why a file has to be left out.
   *
   * @param file a file as it was listed
   * @return a sentence; nothing where its name is text
   */
  public static Optional<String> fault(Path file) {
    try {
      if (file.getFileSystem().getPath(file.toString()).equals(file)) {
        return Optional.empty();
      }
    } catch (InvalidPathException _) {
      // told below
    }
    return Optional.of(
        "%s is left out: its name is not %s text; rename it or set a locale of its encoding"
            .formatted(file, CHARSET));
  }
}
