package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  void batchesAreMeasuredAndShownOnAPage() throws IOException {
    Path report = folder.resolve("speed");
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "-m=nano",
            "--size=64",
            "--seconds=0.01",
            "--precision=fp32",
            "--engine=torch",
            "--batches",
            "--json=-",
            "--report",
            report);
    assertEquals(Main.DONE, run.code(), run.err());
    JsonNode batches = new ObjectMapper().readTree(run.out()).get("batches");
    assertEquals(List.of("inference", "training"), batches.findValuesAsText("work"));
    for (JsonNode work : batches) {
      assertEquals("fp32", work.get("precision").asText());
      for (JsonNode speed : work.get("speeds")) {
        double rate = 1e3 * speed.get("batch").asInt() / speed.get("median_ms").asDouble();
        assertEquals(rate, speed.get("images_per_s").asDouble(), 0.01 * rate);
      }
      JsonNode single = work.get("speeds").get(0);
      assertEquals(1, single.get("batch").asInt());
      assertTrue(single.get("idle").asDouble() < 1);
    }
    String page = Files.readString(report.resolve("report.html"));
    assertTrue(page.contains("<h1>Speed of nano at 64x64</h1>"), page);
    assertTrue(page.contains("Training by batch") && page.contains("inference in fp32: "), page);
    CommandLineRun again = CommandLineRun.of("bench", "-m=nano", "--report", report);
    assertEquals(Main.WRONG_USAGE, again.code());
    assertTrue(again.err().contains("report.html exists; --force overwrites it"), again.err());
  }

  private static void assertUsage(String sentence, String argument) {
    CommandLineRun run = CommandLineRun.of("bench", argument);
    assertEquals(Main.WRONG_USAGE, run.code());
    assertTrue(run.err().contains(sentence), run.err());
  }
}
