package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.tensor.ComputeDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

  @TempDir Path folder;

  @Test
  void everyEngineIsMeasured() throws IOException {
    Path figures = folder.resolve("bench.json");
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "-m",
            "nano",
            "--size",
            "64x96",
            "--seconds",
            "0.05",
            "--precision",
            "fp32",
            "--json",
            figures);
    assertEquals(Main.DONE, run.code(), run.err());
    JsonNode result = new ObjectMapper().readTree(Files.readString(figures));
    assertEquals(64, result.get("height").asInt());
    assertTrue(result.get("peak_gflops_per_s").asDouble() > 0);
    List<String> engines = result.get("engines").findValuesAsText("engine");
    assertTrue(engines.containsAll(List.of("torch", "torch-fused")), run.err());
    for (JsonNode engine : result.get("engines")) {
      assertTrue(engine.get("median_ms").asDouble() > 0, engine.toString());
      assertTrue(engine.get("images_per_s").asDouble() > 0, engine.toString());
      assertTrue(run.out().contains(engine.get("engine").asText()), run.out());
    }
    assertTrue(result.get("detector").get("network_ms").asDouble() > 0);
    assertTrue(result.get("training").get("images_per_s").asDouble() > 0);
  }

  @Test
  void wrongUseIsOneSentence() {
    assertUsage("'foo' is no engine; expected auto, torch, torch-fused, onednn", "--engine=foo");
    assertUsage("--seconds is -1.0; expected more than 0 and at most 3600", "--seconds=-1");
    assertUsage("Unknown model 'nope'", "--model=nope");
    CommandLineRun size = CommandLineRun.of("bench", "--size=50");
    assertEquals(Main.FAILED, size.code());
    assertTrue(size.err().contains("50"), size.err());
  }

  @Test
  void proofWritesItsResultsAndItsPageAndGoesOn() throws IOException {
    Path proof = folder.resolve("proof");
    CommandLineRun first = proof(proof, "load,fallback");
    assertEquals(Main.DONE, first.code(), first.err());
    assertTrue(
        first.out().startsWith("passed   load, matrix product: 65536 compared"), first.out());
    assertTrue(
        first
            .out()
            .endsWith("1 passed, 0 failed, 0 measured, 1 skipped: %s%n".formatted(page(proof))),
        first.out());
    assertTrue(Files.readString(page(proof)).contains("<h1>Proof of cpu</h1>"));
    CommandLineRun second = proof(proof, "load,inference-speed");
    assertEquals(Main.DONE, second.code(), second.err());
    assertFalse(second.out().contains("matrix product"), second.out());
    String text = Files.readString(page(proof));
    assertTrue(text.contains("nano fp32") && text.contains("matrix product"), text);
    JsonNode results = new ObjectMapper().readTree(proof.resolve("proof.json").toFile());
    assertTrue(results.get("results").size() > 2);
  }

  private static Path page(Path proof) {
    return proof.resolve("proof.html");
  }

  private static CommandLineRun proof(Path proof, String only) {
    return CommandLineRun.of(
        "bench",
        "--gpu-proof",
        "-o",
        proof,
        "--device=cpu",
        "-m",
        "nano",
        "--seconds=0.01",
        "--only",
        only);
  }

  @Test
  void wrongUseOfTheProofIsOneSentence() {
    assertUsage("'fast' is no part of the proof; expected load, forward,", "--only=fast");
    for (String[] arguments :
        new String[][] {
          {"--max-minutes=0", "--max-minutes is 0.0; expected more than 0"},
          {"--model=own.yaml", "--gpu-proof is of the official models; own.yaml is none"},
          {"--golden=nowhere", "nowhere/models.json is missing; expected a folder with the"}
        }) {
      CommandLineRun run =
          CommandLineRun.of(
              "bench", "--gpu-proof", "-o", folder.resolve("p"), "--device=cpu", arguments[0]);
      assertTrue(run.code() != Main.DONE);
      assertTrue(run.err().contains(arguments[1]), run.err());
    }
    if (!ComputeDevice.of("auto").cuda()) {
      CommandLineRun none = CommandLineRun.of("bench", "--gpu-proof", "-o", folder.resolve("p"));
      assertEquals(Main.FAILED, none.code());
      assertTrue(none.err().contains("There is no GPU that can be used"), none.err());
    }
    CommandLineRun alone = CommandLineRun.of("bench", "--gpu-proof");
    assertEquals(Main.WRONG_USAGE, alone.code());
    assertTrue(alone.err().contains("--output=DIR"), alone.err());
  }

  private static void assertUsage(String sentence, String argument) {
    CommandLineRun run = CommandLineRun.of("bench", argument);
    assertEquals(Main.WRONG_USAGE, run.code());
    assertTrue(run.err().contains(sentence), run.err());
  }
}
