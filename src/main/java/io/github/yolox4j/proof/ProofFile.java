package io.github.yolox4j.proof;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The file that keeps the results of a proof, always whole. */
final class ProofFile {

  private static final long MOST_BYTES = 16 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Path file;

  ProofFile(Path file) {
    this.file = file;
  }

  /** Reads what an earlier run left; an item during which that run ended counts as failed. */
  Optional<ProofRecord> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new YoloxException(
            "%s has %d bytes; expected at most %d".formatted(file, Files.size(file), MOST_BYTES));
      }
      ProofRecord found = JSON.readValue(file.toFile(), ProofRecord.class);
      List<ProofResult> results = new ArrayList<>();
      found.results().forEach(result -> results.add(ended(result)));
      return Optional.of(new ProofRecord(found.machine(), List.copyOf(results)));
    } catch (JacksonException e) {
      throw new YoloxException(
          "%s holds no results of a proof: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
    }
  }

  private static ProofResult ended(ProofResult result) {
    return result.outcome() == Outcome.BEGUN
        ? new ProofResult(
            result.slice(),
            result.item(),
            Outcome.FAILED,
            "the process ended meanwhile",
            0,
            Map.of(),
            List.of())
        : result;
  }

  void write(ProofRecord all) {
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(all)));
  }
}
