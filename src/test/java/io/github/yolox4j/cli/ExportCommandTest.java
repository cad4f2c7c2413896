package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs are exported and checked; what makes no sense is refused. */
class ExportCommandTest {

  private static final Path DEMO = Path.of("models/demo.pth");

  @TempDir private Path folder;

  private CommandLineRun export(String options, Path output) {
    List<Object> words = new ArrayList<>(List.of("export", "-w", DEMO, "-o", output));
    words.addAll(List.of((Object[]) options.split(" ", -1)));
    return CommandLineRun.of(words.toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to onnx | in OpenCV",
        "--to onnx --raw --keep-batch-norm --size 64x96 | in OpenCV",
        "--to onnx --nms --dynamic | weights read back",
        "--to onnx --dynamic=batch --picture-input --legacy | weights read back",
        "--to onnx --nms --conf 0.1 --iou 0.6 --max-detections 20 --precision fp16 | weights read",
        "--to torchscript --raw | in libtorch",
        "--to torchscript --nms --dynamic --picture-input | best detections in libtorch",
        "--to torchscript --precision fp16 --legacy | in libtorch",
        "--to safetensors | bit by bit",
        "--to pth | bit by bit"
      })
  void everyTargetIsCheckedAfterWriting(String options, String check) {
    Path output = folder.resolve("model");
    CommandLineRun run = export(options, output);
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(Files.exists(output));
    String checked = run.out().lines().toList().getLast();
    assertTrue(checked.startsWith("Checked: "), run.out());
    assertTrue(checked.contains(check), checked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to pth --nms | --nms is for onnx and torchscript; pth holds weights alone",
        "--to safetensors --size 64 | --size is for onnx and torchscript",
        "--to onnx --conf 0.1 | --conf needs --nms",
        "--to onnx --max-detections 3 | --max-detections needs --nms",
        "--to onnx --nms --raw | --raw and --nms exclude each other",
        "--to onnx --nms --conf 2 | confidence' is 2; expected a number from 0 to 1",
        "--to onnx --nms --iou -1 | iou' is -1; expected a number from 0 to 1",
        "--to onnx --nms --max-detections 0 | max-detections' is 0; expected a number from 1 to",
        "--to onnx --dynamic=width | --dynamic is 'width'; expected all or batch",
        "--to onnx --precision bf16 | a model is exported in fp32 or fp16",
        "--to torchscript --keep-batch-norm | --keep-batch-norm is for onnx",
        "--to onnx --keep-batch-norm --precision fp16 | exclude each other",
        "--to tflite | tflite"
      })
  void wrongCombinationsAreWrongUsage(String options, String sentence) throws IOException {
    CommandLineRun run = export(options, folder.resolve("model"));
    assertEquals(Main.WRONG_USAGE, run.code(), run.err());
    assertTrue(run.err().contains(sentence), run.err());
    assertLeftNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "torchscript"})
  void anImpossiblePlaceIsOneSentence(String target) throws IOException {
    CommandLineRun run = export("--to " + target, folder.resolve("no/model"));
    assertEquals(Main.FAILED, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("its folder does not exist"), run.err());
    CommandLineRun size = export("--to %s --size 100".formatted(target), folder.resolve("model"));
    assertEquals(Main.FAILED, size.code());
    assertTrue(size.err().contains("expected a multiple of 32"), size.err());
    assertLeftNothing();
  }

  private void assertLeftNothing() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void classNamesOfAnotherNumberAreRefused() throws IOException {
    Path names = Files.writeString(folder.resolve("names.txt"), "one\n");
    Path output = folder.resolve("model");
    CommandLineRun run = export("--to onnx --classes " + names, output);
    assertEquals(Main.FAILED, run.code());
    assertTrue(run.err().contains("1 class names were given"), run.err());
    assertTrue(Files.notExists(output));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--nms --dynamic", "--keep-batch-norm --size 320", "--precision fp16"})
  void detectReadsItsOwnOnnxModels(String options) throws IOException {
    Path picture = Shared.data("images/dog.jpg");
    Path weights = Shared.data("weights/yolox_nano_coco.pth");
    Path onnx = folder.resolve("nano.onnx");
    List<Object> words =
        new ArrayList<>(List.of("export", "-w", weights, "--to", "onnx", "-o", onnx));
    words.addAll(Stream.of(options.split(" ", -1)).filter(word -> !word.isEmpty()).toList());
    assertEquals(Main.DONE, CommandLineRun.of(words.toArray()).code());
    JsonNode expected =
        found(
            options.contains("320")
                ? CommandLineRun.of("detect", picture, "-w", weights, "--size", 320, "--json", "-")
                : CommandLineRun.of("detect", picture, "-w", weights, "--json", "-"));
    JsonNode found = found(CommandLineRun.of("detect", picture, "-w", onnx, "--json", "-"));
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).get("class"), found.get(i).get("class"));
      double tolerance = options.contains("fp16") ? 0.01 : 1e-5;
      assertEquals(
          expected.get(i).get("score").asDouble(), found.get(i).get("score").asDouble(), tolerance);
    }
  }

  private static JsonNode found(CommandLineRun run) throws IOException {
    assertEquals(Main.DONE, run.code(), run.err());
    return new ObjectMapper().readTree(run.out()).get(0).get("detections");
  }
}
