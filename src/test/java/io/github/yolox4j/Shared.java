package io.github.yolox4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The reference data beside a checkout of the project, or where a bundle has it; a test that asks
 * for it is skipped without.
 */
public final class Shared {

  private static final Path FOLDER =
      Path.of(System.getProperty("yolox4j.test.shared", Path.of("..", "shared").toString()));

  private Shared() {}

  /** A file or folder of the data to test with. */
  public static Path data(String name) {
    return existing(FOLDER.resolve("data").resolve(name));
  }

  /** A file of the figures to match. */
  public static Path golden(String name) {
    return existing(FOLDER.resolve("golden").resolve(name));
  }

  /** Tensors to match, owned by the caller; the file's name without its extension. */
  public static Weights tensors(String name) {
    return Weights.read(golden(name + ".safetensors"));
  }

  /** Numbers to match; the file's name without its extension. */
  public static JsonNode numbers(String name) {
    try {
      return new ObjectMapper().readTree(golden(name + ".json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file or folder of the checkout, which a bundle does not have. */
  public static Path checkout(String name) {
    return existing(Path.of(name));
  }

  private static Path existing(Path path) {
    assumeTrue(Files.exists(path), () -> path + " is absent");
    return path;
  }
}
