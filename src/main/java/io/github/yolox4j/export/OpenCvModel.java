package io.github.yolox4j.export;

import io.github.yolox4j.ffi.presets.NativeLibraries;
import io.github.yolox4j.image.OpenCv;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_dnn.Net;

/** An ONNX model of fixed shape in OpenCV's network module. */
final class OpenCvModel implements AutoCloseable {

  private final Net net;

  /**
   * Reads a model.
   *
   * @throws RuntimeException if OpenCV does not understand it
   */
  OpenCvModel(Path file) {
    OpenCv.load();
    NativeLibraries.load(opencv_dnn.class);
    net = opencv_dnn.readNetFromONNX(file.toString());
  }

  /** Runs on one picture; the model must have one output. */
  float[] run(TestPicture picture) {
    int[] shape = {1, picture.channels(), picture.height(), picture.width()};
    try (FloatPointer planes = new FloatPointer(picture.planes());
        Mat input = new Mat(shape, opencv_core.CV_32F, planes)) {
      net.setInput(input);
      try (Mat output = net.forward();
          FloatPointer data = new FloatPointer(output.data())) {
        float[] values = new float[Math.toIntExact(output.total())];
        data.get(values);
        return values;
      }
    }
  }

  @Override
  public void close() {
    net.close();
  }
}
