package io.github.yolox4j.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors and Java memory: views without a copy and bulk copies. */
public final class Tensors {

  private Tensors() {}

  /**
   * Views a CPU tensor's bytes. The tensor must be contiguous in memory in some order and must
   * outlive the segment.
   *
   * @param tensor a tensor on the CPU
   * @return its bytes, from the first element on
   */
  @SuppressWarnings("restricted")
  public static MemorySegment bytes(Tensor tensor) {
    if (tensor.numel() == 0) {
      return MemorySegment.NULL; // libtorch has no address for it
    }
    try (Pointer data = tensor.data_ptr()) {
      return MemorySegment.ofAddress(data.address()).reinterpret(tensor.nbytes());
    }
  }

  /**
   * Views native memory as a tensor without copying.
   *
   * @param data native memory that outlives the tensor
   * @param type the elements' type
   * @param shape the shape
   * @param strides the strides in elements
   * @return the tensor, owned by the caller
   */
  public static Tensor view(MemorySegment data, ScalarType type, long[] shape, long[] strides) {
    LibTorch.load();
    try (Pointer address = new Address(data.address());
        TensorOptions options = new TensorOptions(type)) {
      return torch.from_blob(address, shape, strides, options);
    }
  }

  /**
   * {@return the type of a tensor's elements as an enum constant; what JavaCPP returns equals none}
   *
   * @param tensor any tensor
   */
  public static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /**
   * {@return libtorch's name of the type of a precision's elements}
   *
   * @param precision the precision
   */
  public static ScalarType type(Precision precision) {
    return switch (precision) {
      case FP32 -> ScalarType.Float;
      case BF16 -> ScalarType.BFloat16;
      case FP16 -> ScalarType.Half;
      case FP64 -> ScalarType.Double;
    };
  }

  /**
   * Copies floats into a new CPU tensor.
   *
   * @param values the elements in logical order
   * @param shape the shape
   * @return a contiguous tensor, owned by the caller
   */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Float, shape);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, bytes(tensor), 0, 4L * values.length);
    return tensor;
  }

  /**
   * Copies doubles into a new CPU tensor.
   *
   * @param values the elements in logical order
   * @param shape the shape
   * @return a contiguous tensor, owned by the caller
   */
  public static Tensor of(double[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Double, shape);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, bytes(tensor), 0, 8L * values.length);
    return tensor;
  }

  /**
   * Copies whole numbers into a new CPU tensor.
   *
   * @param values the elements in logical order
   * @param shape the shape
   * @return a contiguous tensor of 64-bit integers, owned by the caller
   */
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Long, shape);
    MemorySegment.copy(MemorySegment.ofArray(values), 0, bytes(tensor), 0, 8L * values.length);
    return tensor;
  }

  /**
   * Copies to where another tensor is. A GPU is not waited for: the copy leaves from page-locked
   * memory, and what is computed with it comes after it.
   *
   * @param source a CPU tensor; free to change when this returns
   * @param like a tensor on the device
   * @return on the CPU the source itself, else a copy of its type in the innermost scope
   */
  public static Tensor sentTo(Tensor source, Tensor like) {
    if (!like.is_cuda()) {
      return source;
    }
    try (Tensor locked = source.pin_memory();
        MemoryFormatOptional same = new MemoryFormatOptional()) {
      return locked.to(like.device(), type(source), true, false, same);
    }
  }

  /**
   * Takes memory, without setting it, for a CPU tensor that will be {@link #sent} to a device.
   *
   * @param device where it will go; memory for a GPU is page-locked
   * @param type the elements' type
   * @param shape the shape
   * @return a contiguous tensor, owned by the caller
   */
  public static Tensor toSend(ComputeDevice device, ScalarType type, long... shape) {
    if (!device.cuda()) {
      return empty(type, shape);
    }
    LibTorch.load();
    try (TensorOptions options = new TensorOptions(type);
        BoolOptional yes = new BoolOptional(true);
        TensorOptions locked = options.pinned_memory(yes);
        MemoryFormatOptional format = new MemoryFormatOptional(MemoryFormat.Contiguous)) {
      return torch.empty(shape, locked, format);
    }
  }

  /**
   * Copies to a device without waiting for it: what is computed with the copy comes after it.
   *
   * @param source a tensor of {@link #toSend}, not to be changed before what is computed with the
   *     copy has been waited for
   * @param device where it goes
   * @return on the CPU the source itself, else a copy in the innermost scope
   */
  public static Tensor sent(Tensor source, ComputeDevice device) {
    if (!device.cuda()) {
      return source;
    }
    try (Device target = device.toTorch();
        MemoryFormatOptional same = new MemoryFormatOptional()) {
      return source.to(target, type(source), true, false, same);
    }
  }

  /**
   * Takes memory for a CPU tensor without setting it.
   *
   * @param type the elements' type
   * @param shape the shape
   * @return a contiguous tensor, owned by the caller
   */
  public static Tensor empty(ScalarType type, long... shape) {
    LibTorch.load();
    try (TensorOptions options = new TensorOptions(type);
        MemoryFormatOptional format = new MemoryFormatOptional(MemoryFormat.Contiguous)) {
      return torch.empty(shape, options, format);
    }
  }

  /**
   * Copies a tensor's elements to Java.
   *
   * @param tensor a floating tensor on any device
   * @return the elements as floats in logical order
   */
  public static float[] toFloats(Tensor tensor) {
    try (Tensor cpu = tensor.cpu();
        Tensor converted = cpu.to(ScalarType.Float);
        Tensor contiguous = converted.contiguous()) {
      float[] values = new float[Math.toIntExact(contiguous.numel())];
      MemorySegment.copy(
          bytes(contiguous), 0, MemorySegment.ofArray(values), 0, 4L * values.length);
      return values;
    }
  }

  /**
   * Copies a tensor's elements to Java.
   *
   * @param tensor a floating tensor on any device
   * @return the elements as doubles in logical order
   */
  public static double[] toDoubles(Tensor tensor) {
    try (Tensor cpu = tensor.cpu();
        Tensor converted = cpu.to(ScalarType.Double);
        Tensor contiguous = converted.contiguous()) {
      double[] values = new double[Math.toIntExact(contiguous.numel())];
      MemorySegment.copy(
          bytes(contiguous), 0, MemorySegment.ofArray(values), 0, 8L * values.length);
      return values;
    }
  }
}
