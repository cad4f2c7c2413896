package io.github.yolox4j.ffi.torch;

import java.util.Locale;

/**
 * Where a tensor is.
 *
 * @param type the kind of device
 * @param index which of them, 0 to 127; -1 for the one in use
 */
public record Device(Type type, int index) implements Value {

  /** The processor. */
  public static final Device CPU = new Device(Type.CPU, -1);

  /** A kind of device. */
  public enum Type {
    /** The processor. */
    CPU(0),
    /** An NVIDIA GPU. */
    CUDA(1),
    /** No memory at all: only shapes and types are computed. */
    META(14);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Type ofCode(int code) {
      return Codes.find(code, values(), each -> each.code, "device type");
    }
  }

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if the index is out of range
   */
  public Device {
    if (index < -1 || index > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("device index %d; expected -1 to 127".formatted(index));
    }
  }

  /** As it is passed to an operator: the type in the upper half, the index in the lower. */
  long bits() {
    return (long) type.code() << 32 | Integer.toUnsignedLong(index);
  }

  static Device ofBits(long bits) {
    return new Device(Type.ofCode((int) (bits >>> 32)), (byte) bits);
  }

  @Override
  public String toString() {
    String name = type.name().toLowerCase(Locale.ROOT);
    return index < 0 ? name : name + ":" + index;
  }
}
