package io.github.yolox4j.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proof on the processor: what it checks there, and that it goes on where it stopped. */
class GpuProofTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Set<Slice> QUICK = EnumSet.of(Slice.LOAD, Slice.ASSIGNMENT, Slice.FALLBACK);

  @TempDir Path folder;

  private Subject subject() {
    return new Subject(
        ComputeDevice.CPU,
        List.of(OfficialModel.NANO),
        Optional.empty(),
        Optional.of(Path.of("models", "demo.pth")),
        0.01,
        folder.resolve("scratch"));
  }

  private GpuProof open() {
    return GpuProof.open(subject(), folder, "1.0");
  }

  private static List<ProofResult> run(GpuProof proof, Set<Slice> only) {
    List<ProofResult> told = new ArrayList<>();
    assertTrue(proof.run(only, HOUR, told::add));
    return told;
  }

  @Test
  void checksPassOnTheProcessorWhichIsWhatTheyCompareWith() {
    List<ProofResult> told =
        run(open(), EnumSet.of(Slice.LOAD, Slice.DETECTIONS, Slice.ASSIGNMENT, Slice.WAITING));
    assertEquals(1 + 3 + 4 + 1, told.size());
    for (ProofResult result : told) {
      Outcome expected = result.slice() == Slice.WAITING ? Outcome.SKIPPED : Outcome.PASSED;
      assertEquals(expected, result.outcome(), () -> result.name() + ": " + result.says());
    }
  }

  @Test
  void speedsAreMeasuredBatchByBatch() {
    List<ProofResult> told = run(open(), EnumSet.of(Slice.INFERENCE_SPEED, Slice.TRAINING_SPEED));
    assertEquals(2 * Arithmetic.usual(ComputeDevice.CPU).size(), told.size());
    assertEquals("nano fp32", told.getFirst().item());
    for (ProofResult result : told) {
      assertEquals(Outcome.MEASURED, result.outcome(), result::says);
      assertEquals(1, result.speeds().getFirst().batch());
      for (BatchSpeed speed : result.speeds()) {
        assertTrue(speed.milliseconds() > 0 && speed.slowMilliseconds() >= speed.milliseconds());
        assertEquals(1e3 * speed.batch() / speed.milliseconds(), speed.imagesPerSecond(), 1e-6);
      }
      assertTrue(result.figures().get("idle_at_1") < 1);
    }
  }

  @Test
  void whatNeedsFilesThatAreNotThereIsSkipped() {
    for (ProofResult result : run(open(), EnumSet.of(Slice.FORWARD, Slice.LOSSES, Slice.STEPS))) {
      assertEquals(Outcome.SKIPPED, result.outcome());
      assertEquals("it needs the reference's figures", result.says());
    }
  }

  @Test
  void proofGoesOnWhereItStopped() {
    List<ProofResult> first = run(open(), Set.of(Slice.LOAD));
    assertEquals(1, first.size());
    GpuProof again = open();
    assertEquals(first, again.results().results());
    List<ProofResult> second = run(again, QUICK);
    assertEquals(5, second.size());
    assertTrue(second.stream().noneMatch(result -> result.slice() == Slice.LOAD));
    assertEquals(List.of(), run(open(), QUICK));
  }

  @Test
  void nothingIsBegunWhenTheTimeIsOver() {
    GpuProof proof = open();
    assertFalse(
        proof.run(
            QUICK,
            Duration.ofSeconds(-1),
            result -> {
              throw new AssertionError(result);
            }));
    assertEquals(List.of(), proof.results().results());
  }

  @Test
  void itemThatEndedTheProcessHasFailedAndIsTriedAgainByNameOnly() throws IOException {
    run(open(), Set.of(Slice.LOAD));
    Path file = GpuProof.results(folder);
    Files.writeString(file, Files.readString(file).replace("\"passed\"", "\"begun\""));
    GpuProof proof = open();
    ProofResult result = proof.results().results().getFirst();
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals("the process ended meanwhile", result.says());
    List<ProofResult> told = new ArrayList<>();
    assertFalse(proof.run(Set.of(), Duration.ofSeconds(-1), told::add));
    assertEquals(List.of(), told);
    assertEquals(Outcome.PASSED, run(proof, Set.of(Slice.LOAD)).getFirst().outcome());
    assertEquals(1, proof.results().results().size());
  }

  @Test
  void resultsOfAnotherVersionAreNotMixedWithThese() {
    run(open(), Set.of(Slice.LOAD));
    YoloxException e =
        assertThrows(YoloxException.class, () -> GpuProof.open(subject(), folder, "2.0"));
    assertEquals(
        "%s has results with yolox4j 1.0; here it is 2.0: expected another folder"
            .formatted(GpuProof.results(folder)),
        e.getMessage());
  }

  @Test
  void fileThatHoldsSomethingElseIsNamed() throws IOException {
    Path file = GpuProof.results(folder);
    for (String text :
        List.of("[]", "{}", "{\"machine\": {}", "{\"machine\": {}, \"results\": 3}")) {
      Files.writeString(file, text);
      String message = assertThrows(YoloxException.class, this::open).getMessage();
      assertTrue(message.startsWith(file + " holds no results of a proof: "), message);
    }
  }

  @Test
  void resultsAreWrittenAsPeopleNameThem() throws IOException {
    run(open(), Set.of(Slice.FALLBACK));
    JsonNode json = new ObjectMapper().readTree(GpuProof.results(folder).toFile());
    assertEquals("cpu", json.get("machine").get("device").asText());
    JsonNode result = json.get("results").get(0);
    assertEquals("fallback", result.get("slice").asText());
    assertEquals("crowd", result.get("item").asText());
    assertEquals("skipped", result.get("outcome").asText());
  }
}
