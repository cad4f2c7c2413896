package io.github.yolox4j.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** The type of an array's elements, stored little-endian. */
public enum WeightType {
  /** IEEE 754 binary64. */
  FLOAT64(8, "F64", "DoubleStorage"),
  /** IEEE 754 binary32. */
  FLOAT32(4, "F32", "FloatStorage"),
  /** IEEE 754 binary16. */
  FLOAT16(2, "F16", "HalfStorage"),
  /** The upper half of a binary32. */
  BFLOAT16(2, "BF16", "BFloat16Storage"),
  /** Signed 64-bit integer. */
  INT64(8, "I64", "LongStorage"),
  /** Signed 32-bit integer. */
  INT32(4, "I32", "IntStorage"),
  /** Signed 16-bit integer. */
  INT16(2, "I16", "ShortStorage"),
  /** Signed 8-bit integer. */
  INT8(1, "I8", "CharStorage"),
  /** Unsigned 8-bit integer. */
  UINT8(1, "U8", "ByteStorage"),
  /** One byte: 0 is false, everything else true. */
  BOOL(1, "BOOL", "BoolStorage");

  private final int bytes;
  private final String safetensorsName;
  private final String storageClass;

  WeightType(int bytes, String safetensorsName, String storageClass) {
    this.bytes = bytes;
    this.safetensorsName = safetensorsName;
    this.storageClass = storageClass;
  }

  /** {@return the size of one element in bytes: 1, 2, 4 or 8} */
  public int bytes() {
    return bytes;
  }

  /** The type's name in a safetensors header, for example F32. */
  String safetensorsName() {
    return safetensorsName;
  }

  /** The name of PyTorch's storage class of this type in its module torch. */
  String storageClass() {
    return storageClass;
  }

  /** An element of an array's memory; only 64-bit integers beyond 2<sup>53</sup> are rounded. */
  double get(MemorySegment data, long index) {
    long at = index * bytes;
    return switch (this) {
      case FLOAT64 -> data.get(LittleEndian.DOUBLE, at);
      case FLOAT32 -> data.get(LittleEndian.FLOAT, at);
      case FLOAT16 -> Float.float16ToFloat(data.get(LittleEndian.SHORT, at));
      case BFLOAT16 -> Float.intBitsToFloat(data.get(LittleEndian.SHORT, at) << Short.SIZE);
      case INT64 -> data.get(LittleEndian.LONG, at);
      case INT32 -> data.get(LittleEndian.INT, at);
      case INT16 -> data.get(LittleEndian.SHORT, at);
      case INT8 -> data.get(JAVA_BYTE, at);
      case UINT8 -> Byte.toUnsignedInt(data.get(JAVA_BYTE, at));
      case BOOL -> data.get(JAVA_BYTE, at) == 0 ? 0 : 1;
    };
  }

  static Optional<WeightType> ofSafetensorsName(String name) {
    return Arrays.stream(values()).filter(type -> type.safetensorsName.equals(name)).findAny();
  }

  static Optional<WeightType> ofStorageClass(String name) {
    return Arrays.stream(values()).filter(type -> type.storageClass.equals(name)).findAny();
  }
}
