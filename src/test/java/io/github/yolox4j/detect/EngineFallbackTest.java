package io.github.yolox4j.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.ChildJvm.Difference;
import io.github.yolox4j.Shared;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.plan.Winograd;
import io.github.yolox4j.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where an engine cannot run, another finds the same objects and a line says so. */
class EngineFallbackTest {

  private static final List<String> DOG =
      List.of("dog 0.855", "bicycle 0.803", "car 0.798", "truck 0.306");

  /** Prints notices, the engine and what is in a picture. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) throws IOException {
      DetectorOptions options =
          DetectorOptions.DEFAULTS
              .withEngine(EngineKind.valueOf(arguments[2]))
              .withPrecision(Precision.valueOf(arguments[3]))
              .withNotices(notice -> System.out.println("notice: " + notice));
      try (Detector detector = Detector.open(Path.of(arguments[0]), options)) {
        for (Detection found : detector.detect(Path.of(arguments[1]))) {
          System.out.printf(Locale.ROOT, "%s %.3f%n", found.label(), found.score());
        }
        boolean torch = Files.readString(Path.of("/proc/self/maps")).contains("libtorch_cpu");
        System.out.println(detector.engine().split(" ", 2)[0] + (torch ? " with libtorch" : ""));
      }
    }
  }

  @BeforeEach
  void requireOneDnn() {
    assumeTrue(OneDnn.absence().isEmpty(), () -> OneDnn.absence().get());
  }

  @Test
  void planNeedsNoLibtorch() throws Exception {
    List<String> lines = run(Difference.NONE, "AUTO", "FP32");
    assertEquals(DOG, lines.subList(0, 4));
    assertEquals(List.of("onednn"), lines.subList(4, lines.size()));
  }

  @Test
  void planRunsWhereLibtorchIsNotOnTheClassPath() throws Exception {
    List<String> lines = run(Difference.withoutJars("pytorch"), "AUTO", "FP32");
    assertEquals(DOG, lines.subList(0, 4));
  }

  @Test
  void withoutTheArtifactLibtorchRuns() throws Exception {
    List<String> lines = run(Difference.withoutJars("dnnl"), "AUTO", "FP32");
    assertTrue(
        lines
            .getFirst()
            .startsWith(
                "notice: oneDNN is not on the class path; add org.bytedeco:dnnl:3.11-1.5.13 with"
                    + " the classifier"),
        lines.getFirst());
    assertTrue(lines.getFirst().endsWith("runs instead"), lines.getFirst());
    assertEquals(DOG, lines.subList(1, 5));
    assertEquals("torch-fused with libtorch", lines.getLast());
  }

  @Test
  void withoutVectorsConvolutionsAreDirect() throws Exception {
    assumeTrue(Winograd.absence().isEmpty(), "no vectors here");
    List<String> lines = run(Difference.withoutOptions("incubator"), "ONEDNN", "FP32");
    assertEquals(
        "notice: the JVM was started without --add-modules jdk.incubator.vector: 3x3 convolutions"
            + " are computed directly",
        lines.getFirst());
    assertEquals(DOG, lines.subList(1, 5));
    assertEquals("onednn", lines.getLast());
  }

  @Test
  void processorWithoutAvx512IsServed() throws Exception {
    List<String> lines =
        run(Difference.withVariable("ONEDNN_MAX_CPU_ISA", "AVX2"), "ONEDNN", "FP32");
    assertEquals(DOG, lines.subList(0, 4));
    assertEquals("onednn", lines.getLast());
  }

  @Test
  void processorThatOneDnnHasOnlySlowCodeForIsServedByLibtorch() throws Exception {
    List<String> lines =
        run(Difference.withVariable("ONEDNN_MAX_CPU_ISA", "SSE41"), "ONEDNN", "FP32");
    assertTrue(lines.getFirst().startsWith("notice: oneDNN has only slow code"), lines.getFirst());
    assertTrue(lines.getFirst().endsWith("runs 416x416 in batches of 1 instead"), lines.getFirst());
    assertEquals(DOG, lines.subList(1, 5));
  }

  @Test
  void processorWithoutBfloat16IsServedByLibtorch() throws Exception {
    List<String> lines =
        run(Difference.withVariable("ONEDNN_MAX_CPU_ISA", "AVX2"), "ONEDNN", "BF16");
    assertTrue(
        lines
            .getFirst()
            .startsWith("notice: this processor has no bf16 instructions for oneDNN; torch"),
        lines.getFirst());
    assertTrue(lines.get(1).startsWith("dog 0.8"), lines.get(1));
  }

  private static List<String> run(Difference difference, String engine, String precision)
      throws IOException, InterruptedException {
    return ChildJvm.linesOf(
        difference,
        Program.class,
        Shared.data("weights/yolox_nano_coco.pth").toString(),
        Shared.data("images/dog.jpg").toString(),
        engine,
        precision);
  }
}
