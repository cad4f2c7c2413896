package io.github.yolox4j.export;

import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A TorchScript archive that was written here, in libtorch. */
final class TorchScriptModel implements AutoCloseable {

  private final JitModule module;

  TorchScriptModel(Path file) {
    LibTorch.load();
    module = torch.load(file.toString());
  }

  /** Runs a model that gives predictions, [A, 5 + classes]. */
  float[] predictions(TestPicture picture, boolean bytes) {
    try (var _ = new Scope();
        InferenceMode _ = new InferenceMode(true)) {
      return Tensors.toFloats(run(new IValue(input(picture, bytes))).toTensor());
    }
  }

  /**
   * Runs a model that gives detections, with a least score of its own; boxes are in the network's
   * input, scores are whole, labels empty.
   */
  List<Detection> detections(TestPicture picture, boolean bytes, float confidence) {
    try (var _ = new Scope();
        InferenceMode _ = new InferenceMode(true)) {
      IValue result = run(new IValue(input(picture, bytes)), new IValue((double) confidence));
      var outputs = result.toTuple().elements();
      float[] boxes = Tensors.toFloats(outputs.get(0).toTensor());
      float[] scores = Tensors.toFloats(outputs.get(1).toTensor());
      float[] classes = Tensors.toFloats(outputs.get(2).toTensor());
      int count = (int) Tensors.toFloats(outputs.get(3).toTensor())[0];
      List<Detection> found = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int at = 4 * i;
        found.add(
            new Detection(
                boxes[at],
                boxes[at + 1],
                boxes[at + 2],
                boxes[at + 3],
                scores[i],
                1,
                (int) classes[i],
                ""));
      }
      return found;
    }
  }

  private IValue run(IValue... inputs) {
    return module.forward(new IValueVector(inputs));
  }

  private static Tensor input(TestPicture picture, boolean bytes) {
    int channels = picture.channels();
    if (!bytes) {
      return Tensors.of(picture.planes(), 1, channels, picture.height(), picture.width());
    }
    Tensor tensor = Tensors.empty(ScalarType.Byte, 1, picture.height(), picture.width(), channels);
    Tensors.bytes(tensor).copyFrom(MemorySegment.ofArray(picture.pixels()));
    return tensor;
  }

  @Override
  public void close() {
    module.close();
  }
}
