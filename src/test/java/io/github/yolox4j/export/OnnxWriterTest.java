package io.github.yolox4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.SelectedEngine;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written runs in ONNX Runtime as it does here. */
class OnnxWriterTest {

  @TempDir private Path folder;

  @Test
  void smoke() throws OrtException {
    ModelSpec spec = OfficialModel.NANO.spec().withInput(96, 64);
    FoldedNetwork network = FoldedNetwork.random(spec, 1);
    byte[] pixels = new byte[96 * 64 * 3];
    new SplittableRandom(1).nextBytes(pixels);
    try (Engine engine =
        SelectedEngine.open(
            EngineKind.AUTO,
            network,
            ComputeDevice.CPU,
            Precision.FP32,
            InputScaling.NONE,
            _ -> {})) {
      for (Output output : new Output[] {Output.RAW, Output.DECODED, Output.DETECTIONS}) {
        for (Shapes shapes : Shapes.values()) {
          Path file = folder.resolve("m.onnx");
          OnnxWriter.write(
              file,
              network,
              ClassNames.COCO,
              ExportOptions.DEFAULTS.withOutput(output).withShapes(shapes));
          try (OrtModel model = new OrtModel(file)) {
            var results = model.run(pixels, 1, 96, 64);
            if (output instanceof Output.Predictions(boolean decoded)) {
              assertArrayEquals(
                  EnginePredictions.of(engine, pixels, 1, 96, 64, decoded),
                  results.get("output").floats(),
                  1e-3f);
            } else {
              assertEquals(300, results.get("scores").shape()[1]);
            }
          }
        }
      }
    }
  }
}
