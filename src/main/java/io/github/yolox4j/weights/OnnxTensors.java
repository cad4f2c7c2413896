package io.github.yolox4j.weights;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;

/** The constants of an ONNX graph: its initialisers and what its Constant nodes hold. */
final class OnnxTensors {

  private OnnxTensors() {}

  /**
   * A constant's elements, without a copy where they lie in the file as bytes.
   *
   * @throws io.github.yolox4j.YoloxException if they are in another file, are no floating-point
   *     numbers, or do not fill the shape
   */
  static WeightArray array(MappedFile file, String name, TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw file.broken(
          "initialiser %s is kept in another file; export the model with its weights inside"
              .formatted(name));
    }
    TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
    WeightType elements =
        switch (type) {
          case FLOAT -> WeightType.FLOAT32;
          case DOUBLE -> WeightType.FLOAT64;
          case FLOAT16 -> WeightType.FLOAT16;
          case BFLOAT16 -> WeightType.BFLOAT16;
          case null, default ->
              throw file.broken(
                  "initialiser %s is of type %s; expected floating-point numbers of 16 to 64 bits"
                      .formatted(name, type == null ? tensor.getDataType() : type));
        };
    long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    try {
      return WeightArray.of(elements, data(tensor, elements), shape);
    } catch (IllegalArgumentException e) {
      throw file.broken("initialiser %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static MemorySegment data(TensorProto tensor, WeightType elements) {
    ByteString raw = tensor.getRawData();
    if (!raw.isEmpty()) {
      return MemorySegment.ofBuffer(raw.asReadOnlyByteBuffer());
    }
    return switch (elements) {
      case FLOAT64 ->
          MemorySegment.ofArray(
              tensor.getDoubleDataList().stream().mapToDouble(Double::doubleValue).toArray());
      case FLOAT32 -> {
        float[] values = new float[tensor.getFloatDataCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = tensor.getFloatData(i);
        }
        yield MemorySegment.ofArray(values);
      }
      default -> {
        // 16-bit floats are stored bit by bit in the lower halves of integers
        short[] values = new short[tensor.getInt32DataCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (short) tensor.getInt32Data(i);
        }
        yield MemorySegment.ofArray(values);
      }
    };
  }
}
