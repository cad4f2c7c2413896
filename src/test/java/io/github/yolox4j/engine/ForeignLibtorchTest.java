package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.TorchLibrary;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.SafetensorsWriter;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inference on a libtorch of another installation, in a JVM whose class path has no JavaCPP. Run
 * with {@code -Dyolox4j.test.libtorch=DIR}, for example {@code torch/lib} of a PyTorch 2.10.
 */
class ForeignLibtorchTest {

  private static final String FOLDER = System.getProperty("yolox4j.test.libtorch");

  @TempDir private Path folder;

  /** Runs nano on the reference's pictures, and writes what comes out. */
  static final class Program {

    private Program() {}

    public static void main(String[] files) throws ClassNotFoundException {
      try {
        Class.forName("org.bytedeco.javacpp.Pointer");
        throw new AssertionError("JavaCPP is on the class path");
      } catch (ClassNotFoundException expected) {
        System.out.println("libtorch " + TorchLibrary.version());
      }
      var spec = OfficialModel.NANO.spec();
      try (Weights weights = Weights.read(Path.of(files[0]));
          var engine = new FusedTorchEngine(FoldedNetwork.of(spec, weights), DType.FLOAT32);
          Arena arena = Arena.ofConfined();
          InferenceRequest request = engine.request(DType.FLOAT32, 2, 64, 96)) {
        request.pixels().copyFrom(GoldenPictures.in(arena));
        float[] raw = GoldenPictures.raw(request.run(0), spec);
        SafetensorsWriter.write(
            Path.of(files[1]), Map.of("raw", WeightArray.of(raw, raw.length)), Map.of());
      }
    }
  }

  @Test
  void fusedEngineGivesTheReferencesFiguresWithoutJavaCpp()
      throws IOException, InterruptedException {
    assumeTrue(FOLDER != null, "yolox4j.test.libtorch names no folder");
    Path weights = folder.resolve("weights.safetensors");
    Path results = folder.resolve("results.safetensors");
    try (Weights figures = EngineGoldenTest.figures(OfficialModel.NANO)) {
      SafetensorsWriter.write(
          weights, ReferenceInputs.stateDict(OfficialModel.NANO.spec(), figures), Map.of());
      assertEquals(
          List.of("libtorch 2.10.0"),
          ChildJvm.linesOf(
              Pattern.compile("bytedeco"),
              List.of("-D" + TorchLibrary.FOLDER_PROPERTY + "=" + FOLDER),
              Program.class,
              weights.toString(),
              results.toString()));
      try (Weights written = Weights.read(results)) {
        EngineGoldenTest.assertClose(
            figures.arrays().get("raw").toFloats(), written.arrays().get("raw").toFloats(), 2e-4);
      }
    }
  }
}
