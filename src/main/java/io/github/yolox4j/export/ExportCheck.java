package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Checks an exported model against the engine. Differences are relative for values beyond 1.
 *
 * <p>An ONNX model that OpenCV can run is run there; of every other one the weights are read back.
 * A TorchScript model is run in libtorch.
 *
 * @param file what was written
 * @param network what it was written from
 * @param options how
 */
record ExportCheck(Path file, FoldedNetwork network, ExportOptions options) {

  /** Other orders of summation differ by 1e-5 or so; a wrong layer differs in the first digits. */
  private static final float TOLERANCE = 1e-3f;

  /** 16-bit floats have 11 bits, which tens of layers add up. */
  private static final float HALF_TOLERANCE = 0.25f;

  private static final float WEIGHT_TOLERANCE = 1e-6f;

  /** Half of the distance between 16-bit floats. */
  private static final float HALF_WEIGHT_TOLERANCE = 0x1p-11f;

  /**
   * Checks an ONNX model.
   *
   * @return what was checked, with the largest difference, for people
   * @throws YoloxException if the model is another one
   */
  String onnx() {
    boolean plain = !options.picture() && !options.half() && options.shapes() == Shapes.FIXED;
    if (plain && options.output() instanceof Output.Predictions(boolean decoded)) {
      TestPicture picture = TestPicture.of(network.spec());
      float[] output;
      try (OpenCvModel model = new OpenCvModel(file)) {
        output = model.run(picture);
      } catch (RuntimeException e) {
        return "%s; OpenCV does not run it: %s".formatted(weights(), LibTorch.firstLine(e));
      }
      return agreement("in OpenCV", decoded, picture, output, TOLERANCE);
    }
    return weights();
  }

  private String weights() {
    float largest = 0;
    try (Weights written = Weights.read(file)) {
      WeightsMatch.of(network.spec(), written).requireExact();
      FoldedNetwork copy = FoldedNetwork.of(network.spec(), written);
      for (Convolution convolution : network.network().convolutions()) {
        FoldedConvolution expected = network.of(convolution);
        FoldedConvolution found = copy.of(convolution);
        largest = Math.max(largest, Difference.largest(expected.weight(), found.weight()));
        largest = Math.max(largest, Difference.largest(expected.bias(), found.bias()));
      }
    }
    require(largest, options.half() ? HALF_WEIGHT_TOLERANCE : WEIGHT_TOLERANCE, "its weights");
    return sentence("its weights read back", largest);
  }

  /** Checks a TorchScript model, as {@link #onnx} does. */
  String torchScript() {
    TestPicture picture = TestPicture.of(network.spec());
    try (TorchScriptModel model = new TorchScriptModel(file)) {
      float tolerance = options.half() ? HALF_TOLERANCE : TOLERANCE;
      return switch (options.output()) {
        case Output.Predictions(boolean decoded) ->
            agreement(
                "in libtorch",
                decoded,
                picture,
                model.predictions(picture, options.picture()),
                tolerance);
        case Output.Detections detections ->
            new DetectionsCheck(file, network, options, picture, detections, tolerance)
                .check(model);
      };
    } catch (YoloxException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new YoloxException(
          "%s does not run in libtorch: %s".formatted(file, LibTorch.firstLine(e)), e);
    }
  }

  private String agreement(
      String where, boolean decoded, TestPicture picture, float[] found, float tolerance) {
    try (Engine engine =
        EngineKind.AUTO.open(network, ComputeDevice.CPU, Precision.FP32, _ -> {})) {
      float[] expected = picture.predictions(engine, decoded);
      float largest = Difference.largest(expected, found);
      require(largest, tolerance, "its output " + where);
      return sentence(
          "its output %s and of engine %s".formatted(where, engine.kind().key()), largest);
    }
  }

  private void require(float largest, float tolerance, String what) {
    if (!(largest <= tolerance)) {
      throw new YoloxException(
          "%s is not what it was written from: %s differs by up to %s"
              .formatted(file, what, largest));
    }
  }

  private static String sentence(String what, float largest) {
    return String.format(Locale.ROOT, "%s: largest difference %.2g", what, largest);
  }
}
