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
      Path relative = folder.getFileSystem().getPath(name).normalize();
      boolean stays = relative.getRoot() == null && !relative.startsWith("..");
      if (stays && !relative.toString().isEmpty()) {
        return folder.resolve(relative);
      }
    } catch (InvalidPathException _) {
      // refused below like a name that leads out
    }
    throw new YoloxException("\"%s\" is no name of a file inside %s".formatted(name, folder));
  }
}
