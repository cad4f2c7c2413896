package io.github.yolox4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.FoldedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a program of its own, whose class path lacks ONNX's protobuf classes. */
class WithoutOnnxTest {

  @TempDir private Path folder;

  /** The program: exports, and prints what that comes to. */
  static final class Program {

    private Program() {}

    public static void main(String[] files) {
      FoldedNetwork network = FoldedNetwork.random(OfficialModel.NANO.spec(), 1);
      List<String> names = ExportedModels.names(network.spec());
      try {
        OnnxWriter.write(Path.of(files[0]), network, names, ExportOptions.DEFAULTS);
      } catch (YoloxException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void namesTheArtifact() throws IOException, InterruptedException {
    Path file = folder.resolve("model.onnx");
    List<String> lines =
        ChildJvm.linesOf(
            Pattern.compile("tribuo-util-onnx-[^/\\\\]*\\.jar$"),
            List.of(),
            Program.class,
            file.toString());
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(
        lines
            .getFirst()
            .startsWith(file + ": to write ONNX files, add org.tribuo:tribuo-util-onnx:"),
        lines.getFirst());
    assertTrue(Files.notExists(file));
  }
}
