package io.github.yolox4j.export;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An ONNX model in ONNX Runtime. */
final class OrtModel implements AutoCloseable {

  private static final long STACK_BYTES = 64L << 20;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("onnxruntime").stackSize(STACK_BYTES).factory());
  private final OrtSession session;

  OrtModel(Path file) throws OrtException {
    session = onLargeStack(() -> open(file));
  }

  private OrtSession open(Path file) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(2);
      return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
    }
  }

  /** ONNX Runtime's start recurses so deeply that a thread's usual stack is just not enough. */
  private <T> T onLargeStack(Callable<T> task) throws OrtException {
    try {
      return thread.submit(task).get();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OrtException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** An output: its shape and its elements, of which one is null. */
  @SuppressWarnings("ArrayRecordComponent") // a plain holder
  record Result(long[] shape, float[] floats, long[] integers) {}

  Map<String, String> metadata() throws OrtException {
    return session.getMetadata().getCustomMetadata();
  }

  /** Runs on pictures, [B, H, W, C], whichever input the model has. */
  Map<String, Result> run(byte[] pixels, int batch, int height, int width) throws OrtException {
    return onLargeStack(() -> results(pixels, batch, height, width));
  }

  private Map<String, Result> results(byte[] pixels, int batch, int height, int width)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    int channels = pixels.length / (batch * height * width);
    boolean bytes = session.getInputNames().contains(OnnxModel.PICTURE);
    String name = bytes ? OnnxModel.PICTURE : OnnxModel.TENSOR;
    try (OnnxTensor input =
            bytes
                ? OnnxTensor.createTensor(
                    environment,
                    ByteBuffer.allocateDirect(pixels.length).put(pixels).flip(),
                    new long[] {batch, height, width, channels},
                    OnnxJavaType.UINT8)
                : OnnxTensor.createTensor(
                    environment,
                    FloatBuffer.wrap(planes(pixels, batch, height * width)),
                    new long[] {batch, channels, height, width});
        OrtSession.Result outputs = session.run(Map.of(name, input))) {
      Map<String, Result> results = new LinkedHashMap<>();
      for (var output : outputs) {
        OnnxTensor tensor = (OnnxTensor) output.getValue();
        long[] shape = tensor.getInfo().getShape();
        FloatBuffer floats =
            tensor.getInfo().type == OnnxJavaType.FLOAT ? tensor.getFloatBuffer() : null;
        LongBuffer integers = floats == null ? tensor.getLongBuffer() : null;
        int length = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        results.put(
            output.getKey(),
            new Result(
                shape,
                floats == null ? null : read(floats, length),
                integers == null ? null : read(integers, length)));
      }
      return results;
    }
  }

  private static float[] read(FloatBuffer buffer, int length) {
    float[] values = new float[length];
    buffer.get(values);
    return values;
  }

  private static long[] read(LongBuffer buffer, int length) {
    long[] values = new long[length];
    buffer.get(values);
    return values;
  }

  /** [B, C, H, W] of [B, H, W, C]. */
  static float[] planes(byte[] pixels, int batch, int points) {
    int channels = pixels.length / (batch * points);
    float[] planes = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int picture = i / (channels * points);
      int point = i / channels % points;
      planes[(picture * channels + i % channels) * points + point] = Byte.toUnsignedInt(pixels[i]);
    }
    return planes;
  }

  @Override
  public void close() throws OrtException {
    thread.close();
    session.close();
  }
}
