package io.github.yolox4j.export;

import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptWriterTest {

  @TempDir private Path folder;

  @Test
  void smoke() {
    ModelSpec spec = OfficialModel.NANO.spec();
    FoldedNetwork network;
    try (Weights w = Weights.read(io.github.yolox4j.Shared.data("weights/yolox_nano_coco.pth"))) {
     network = FoldedNetwork.of(spec, w);
    }
    for (boolean half : new boolean[] {false, true})
    for (boolean picture : new boolean[] {false, true})
    for (Output output : new Output[] {Output.RAW, Output.DECODED, Output.DETECTIONS}) {
      var options = ExportOptions.DEFAULTS.withOutput(output).withHalf(half).withPicture(picture);
      TorchScriptWriter.write(Path.of("/tmp/nano.pt"), network, ClassNames.COCO, options);
      System.out.println(options);
      System.out.println("   "+ExportCheck.torchScript(Path.of("/tmp/nano.pt"), network, options));
      OnnxWriter.write(Path.of("/tmp/nano.onnx"), network, ClassNames.COCO, options);
      System.out.println("   "+ExportCheck.onnx(Path.of("/tmp/nano.onnx"), network, options));
    }
  }
}
