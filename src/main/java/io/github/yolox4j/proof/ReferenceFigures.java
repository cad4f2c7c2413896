package io.github.yolox4j.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of figures that the reference gives for closed-form inputs.
 *
 * @param folder where the files are
 */
public record ReferenceFigures(Path folder) {

  /** Checks that the folder has such figures. */
  public ReferenceFigures {
    Path one = folder.resolve("models.json");
    if (!Files.isRegularFile(one)) {
      throw new YoloxException(
          "%s is missing; expected a folder with the reference's figures".formatted(one));
    }
  }

  /**
   * Opens tensors.
   *
   * @param name the file's name without its extension
   * @return the tensors, owned by the caller
   */
  public Weights tensors(String name) {
    return Weights.read(folder.resolve(name + ".safetensors"));
  }

  /**
   * Reads numbers.
   *
   * @param name the file's name without its extension
   * @return its content
   */
  public JsonNode numbers(String name) {
    Path file = folder.resolve(name + ".json");
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
    }
  }
}
