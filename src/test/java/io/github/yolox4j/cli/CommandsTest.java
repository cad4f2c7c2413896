package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.yolox4j.Shared;
import io.github.yolox4j.files.Sha256;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.WeightType;
import io.github.yolox4j.weights.Weights;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "quickstart",
        "detect",
        "train",
        "eval",
        "assign",
        "export",
        "models",
        "doctor",
        "weights",
        "weights get",
        "data",
        "data synth",
        "data check",
        "data convert"
      })
  void helpShowsAnExample(String command) {
    String words = (command + " --help").strip();
    CommandLineRun run = CommandLineRun.of((Object[]) words.split(" ", -1));
    assertEquals(Main.DONE, run.code());
    assertTrue(run.out().contains("Example: yolox "), run.out());
  }

  @Test
  void noCommandAndAnUnknownOneAreWrongUsage() {
    assertEquals(Main.WRONG_USAGE, CommandLineRun.of().code());
    CommandLineRun unknown = CommandLineRun.of("detekt");
    assertEquals(Main.WRONG_USAGE, unknown.code());
    assertTrue(unknown.err().contains("detect"), "the nearest command: " + unknown.err());
  }

  @Test
  void modelsAreListed() throws IOException {
    CommandLineRun table = CommandLineRun.of("models");
    assertEquals(1 + OfficialModel.values().length, table.out().lines().count());
    assertTrue(table.out().contains("912,159"), table.out());
    JsonNode list = new ObjectMapper().readTree(CommandLineRun.of("models", "--json", "-").out());
    assertEquals(OfficialModel.values().length, list.size());
    assertEquals(25.8, list.get(0).get("published_ap").asDouble());
    Path own = Files.writeString(folder.resolve("own.yaml"), "network: {classes: 2}");
    assertTrue(CommandLineRun.of("models", "-m", own).out().contains("own"));
    CommandLineRun recipe = CommandLineRun.of("models", "--recipe", own);
    assertEquals(Main.DONE, recipe.code(), recipe.err());
    assertTrue(recipe.out().startsWith("name: own\n"), recipe.out());
    assertTrue(recipe.out().contains("  batch: 16                     # images per batch\n"));
  }

  @Test
  void doctorFindsAHealthyMachine() {
    CommandLineRun run = CommandLineRun.of("doctor");
    assertEquals(Main.DONE, run.code(), run.out());
    for (String line : List.of("JDK", "libtorch", "CUDA", "OpenCV", "FFmpeg", "self-test")) {
      assertTrue(run.out().lines().anyMatch(l -> l.startsWith(line)), run.out());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "yolox_nano_coco.pth, safetensors",
    "yolox_nano_coco.pth, pth",
    "yolox_nano_coco_oldformat.pth, safetensors",
    "yolox_nano_coco_bnfolded.onnx, pth"
  })
  void exportedWeightsReadBackIdentically(String source, String format) {
    Path original = Shared.data("weights/" + source);
    Path written = folder.resolve("written." + format);
    CommandLineRun run = CommandLineRun.of("export", "-w", original, "--to", format, "-o", written);
    assertEquals(Main.DONE, run.code(), run.err());
    try (Weights before = Weights.read(original);
        Weights after = Weights.read(written)) {
      assertEquals(List.copyOf(before.arrays().keySet()), List.copyOf(after.arrays().keySet()));
      before
          .arrays()
          .forEach(
              (key, array) -> {
                WeightArray copy = after.arrays().get(key);
                boolean wide = array.dtype() == WeightType.FLOAT64;
                assertEquals(wide ? WeightType.FLOAT32 : array.dtype(), copy.dtype(), key);
                assertArrayEquals(array.shape(), copy.shape(), key);
                assertArrayEquals(array.toFloats(), copy.toFloats(), key);
              });
    }
    CommandLineRun again =
        CommandLineRun.of("export", "-w", original, "--to", format, "-o", written);
    assertEquals(Main.WRONG_USAGE, again.code(), "overwrites only with --force");
  }

  @Test
  void exportRefusesWhatItCannotDo() {
    Path weights = Shared.data("weights/yolox_nano_coco.pth");
    CommandLineRun format =
        CommandLineRun.of("export", "-w", weights, "--to", "tflite", "-o", folder.resolve("x"));
    assertEquals(Main.WRONG_USAGE, format.code());
    assertTrue(format.err().contains("tflite"), format.err());
    CommandLineRun place =
        CommandLineRun.of("export", "-w", weights, "--to", "pth", "-o", folder.resolve("no/x.pth"));
    assertEquals(Main.FAILED, place.code());
    assertTrue(place.err().contains("its folder does not exist"), place.err());
  }

  @Test
  void exportDoesNotReplaceWhatItReads() throws IOException {
    Path original = Shared.data("weights/yolox_nano_coco.pth");
    Path own = Files.copy(original, folder.resolve("own.pth"));
    CommandLineRun run =
        CommandLineRun.of(
            "export", "-w", own, "--to", "pth", "-o", folder.resolve("./own.pth"), "--force");
    assertEquals(Main.WRONG_USAGE, run.code());
    assertTrue(run.err().contains("is read from"), run.err());
    assertEquals(-1, Files.mismatch(own, original));
  }

  @Test
  void downloadedWeightsMustBeTheModels() throws IOException {
    byte[] nano = Files.readAllBytes(Shared.data("weights/yolox_nano_coco.pth"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/nano.pth",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, nano.length);
            exchange.getResponseBody().write(nano);
          }
        });
    server.start();
    try {
      String url =
          "http://%s:%d/nano.pth"
              .formatted(
                  server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
      Path target = folder.resolve("cache/yolox_nano.pth");
      CommandLineRun other =
          CommandLineRun.of("weights", "get", "nano", "--url", url, "-o", target);
      assertEquals(Main.FAILED, other.code());
      assertTrue(other.err().contains("expected cd28f55f"), other.err());
      assertTrue(Files.notExists(target));
      String sum = Sha256.of(nano);
      CommandLineRun run =
          CommandLineRun.of("weights", "get", "nano", "--url", url, "-o", target, "--sha256", sum);
      assertEquals(Main.DONE, run.code(), run.err());
      assertEquals(-1, Files.mismatch(target, Shared.data("weights/yolox_nano_coco.pth")));
      CommandLineRun there =
          CommandLineRun.of("weights", "get", "nano", "-o", target, "--sha256", sum);
      assertTrue(there.out().contains("is there already"), there.out());
      CommandLineRun wrong =
          CommandLineRun.of(
              "weights",
              "get",
              "s",
              "--url",
              url,
              "-o",
              folder.resolve("s.pth"),
              "--sha256",
              sum.toUpperCase(Locale.ROOT));
      assertEquals(Main.FAILED, wrong.code());
      assertTrue(wrong.err().contains("does not fit model s"), wrong.err());
      assertTrue(Files.notExists(folder.resolve("s.pth")));
    } finally {
      server.stop(0);
    }
    assertEquals(Main.WRONG_USAGE, CommandLineRun.of("weights", "get", "xxl").code());
  }
}
