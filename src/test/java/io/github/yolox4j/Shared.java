package io.github.yolox4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The reference data beside a checkout of the project; a test that asks for it is skipped without.
 */
public final class Shared {

  private static final Path FOLDER = Path.of("..", "shared");

  private Shared() {}

  /** A file or folder of the data to test with. */
  public static Path data(String name) {
    return existing(FOLDER.resolve("data").resolve(name));
  }

  /** A file of the figures to match. */
  public static Path golden(String name) {
    return existing(FOLDER.resolve("golden").resolve(name));
  }

  private static Path existing(Path path) {
    assumeTrue(Files.exists(path), () -> path + " is absent");
    return path;
  }
}
