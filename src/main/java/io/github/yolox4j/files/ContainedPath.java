package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths made of names that come from untrusted files. */
public final class ContainedPath {

  private ContainedPath() {}

  /**
   * Resolves a name that must not lead out of a folder.
   *
   * @param folder the folder
   * @param name a file name, which may have subfolders
   * @return the file in the folder; it need not exist
   * @throws YoloxException if the name leads elsewhere or cannot be a file name
   */
  public static Path resolve(Path folder, String name) {
    try {
      Path root = folder.normalize();
      Path path = root.resolve(name).normalize();
      // an empty path is the working folder, of which every relative path is a part
      boolean inside =
          root.toString().isEmpty()
              ? !path.isAbsolute() && !path.startsWith("..")
              : path.startsWith(root) && !root.resolve("..").normalize().equals(path);
      if (inside && !path.equals(root)) {
        return path;
      }
    } catch (InvalidPathException _) {
      // told below, with what the file system refuses left out
    }
    throw new YoloxException(
        "\"%s\" is no name of a file inside %s".formatted(name.replaceAll("\\p{C}", "?"), folder));
  }
}
