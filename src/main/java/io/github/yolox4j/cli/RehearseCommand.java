package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.OpenCv;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.weights.PthWriter;
import io.github.yolox4j.weights.WeightArray;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import picocli.CommandLine.Command;

/**
 * Detects once with random weights in a gray picture. The launcher records this run to make the
 * cache from which the JVM starts faster.
 */
@Command(hidden = true)
final class RehearseCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("yolox4j");
    Path weights = folder.resolve("weights.pth");
    Path picture = folder.resolve("picture.jpg");
    Path result = folder.resolve("result.json");
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      PthWriter.write(weights, Map.of("model", untrained()));
      paint(picture);
      int code =
          Main.run(
              new Console(nowhere, System.err),
              "detect",
              picture.toString(),
              "--weights=" + weights,
              "--json=" + result,
              "--conf=0.2"); // without biases every anchor point scores about 0.25
      if (code != Main.DONE) {
        throw new YoloxException("The rehearsal ended with %d".formatted(code));
      }
      return code;
    } finally {
      for (Path file : new Path[] {weights, picture, result, folder}) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A state dict that costs nothing to make: kernels of zeros, variances of ones. */
  private static Map<String, WeightArray> untrained() {
    Map<String, WeightArray> state = new LinkedHashMap<>();
    for (StateEntry entry : Network.of(OfficialModel.NANO.spec()).stateDict()) {
      float[] values = new float[Math.toIntExact(entry.elements())];
      if (entry.key().endsWith("running_var")) {
        Arrays.fill(values, 1);
      }
      long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
      state.put(entry.key(), WeightArray.of(values, shape));
    }
    return state;
  }

  private static void paint(Path picture) {
    OpenCv.load();
    try (Scalar gray = new Scalar(128, 128, 128, 0);
        Picture square = Picture.take(new Mat(480, 640, opencv_core.CV_8UC3, gray))) {
      square.write(picture);
    }
  }
}
