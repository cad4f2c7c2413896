package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which files may be written. */
@FunctionalInterface
public interface Overwriting {

  /** All. */
  Overwriting ALWAYS = target -> target;

  /** Those alone that are not there yet. */
  Overwriting NEVER =
      target -> {
        if (Files.exists(target)) {
          throw new YoloxException("%s exists; expected another file to write".formatted(target));
        }
        return target;
      };

  /**
   * Refuses a file that must not be written.
   *
   * @param target the file
   * @return the same
   * @throws RuntimeException if it must not be written; ends the work
   */
  Path allowed(Path target);
}
