package io.github.yolox4j.weights;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The constants of an ONNX graph: its initialisers and what its Constant nodes hold. */
final class OnnxTensors {

  private final MappedFile file;
  private final Map<String, TensorProto> tensors = new HashMap<>();

  OnnxTensors(MappedFile file) {
    this.file = file;
  }

  void put(String name, TensorProto tensor) {
    tensors.put(name, tensor);
  }

  /** Gives a constant another name, as an Identity node does. */
  void alias(String name, String of) {
    tensors.put(name, tensors.get(of));
  }

  boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** The name that the constant was stored under. */
  String storedName(String name) {
    return tensors.get(name).getName();
  }

  /**
   * A constant's elements, without a copy where they lie in the file as bytes.
   *
   * @throws io.github.yolox4j.YoloxException if they are in another file, are no floating-point
   *     numbers, or do not fill the shape
   */
  WeightArray array(String name) {
    TensorProto tensor = tensors.get(name);
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw file.broken(
          "initialiser %s is kept in another file; export the model with its weights inside"
              .formatted(name));
    }
    TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
    DType dtype =
        switch (type) {
          case FLOAT -> DType.FLOAT32;
          case DOUBLE -> DType.FLOAT64;
          case FLOAT16 -> DType.FLOAT16;
          case BFLOAT16 -> DType.BFLOAT16;
          case null, default ->
              throw file.broken(
                  "initialiser %s is of type %s; expected floating-point numbers of 16 to 64 bits"
                      .formatted(name, type == null ? tensor.getDataType() : type));
        };
    long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    try {
      return WeightArray.of(dtype, data(tensor, dtype), shape);
    } catch (IllegalArgumentException e) {
      throw file.broken("initialiser %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static MemorySegment data(TensorProto tensor, DType dtype) {
    ByteString raw = tensor.getRawData();
    if (!raw.isEmpty()) {
      return MemorySegment.ofBuffer(raw.asReadOnlyByteBuffer());
    }
    return switch (dtype) {
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
