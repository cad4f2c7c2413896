package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A tensor of libtorch. Whoever made the object closes it; that frees its share in the tensor, or
 * nothing if it is only borrowed. May be read by many threads, and must not be closed while one of
 * them does.
 */
public final class TensorHandle implements Value, AutoCloseable {

  private static final AtomicLong LIVE = new AtomicLong();

  /** 0 when closed. */
  private final AtomicLong address;

  private final boolean owned;

  /** What the tensor lies in or belongs to, which must not be collected before this. */
  private final Object source;

  private TensorHandle(long address, boolean owned, Object source) {
    this.address = new AtomicLong(address);
    this.owned = owned;
    this.source = source;
    if (owned) {
      LIVE.incrementAndGet();
    }
  }

  /** Takes over a handle that libtorch has made. */
  static TensorHandle own(long address) {
    return new TensorHandle(address, true, MemorySegment.NULL);
  }

  /**
   * Uses a tensor that somebody else owns and that outlives this. Closing leaves it alone.
   *
   * @param address of an {@code at::Tensor}
   * @param owner who frees the tensor when it is collected
   * @return the handle
   */
  public static TensorHandle borrow(long address, Object owner) {
    TorchLibrary.load();
    if (address == 0) {
      throw new IllegalArgumentException("there is no tensor at address 0");
    }
    return new TensorHandle(address, false, owner);
  }

  /**
   * Makes a tensor on the CPU of floats that are copied to native memory.
   *
   * @param arena owns the memory; must outlive every tensor that shares it
   * @param values row by row
   * @param shape the lengths
   * @return the tensor, owned by the caller
   */
  public static TensorHandle of(Arena arena, float[] values, long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    return view(data, DType.FLOAT32, shape, strides);
  }

  /**
   * Views native memory as a tensor on the CPU without copying. The memory must outlive every
   * tensor that shares it, such as the results of operators that view; this handle keeps it from
   * being collected, they do not.
   *
   * @param data native memory
   * @param type the elements' type
   * @param shape the lengths
   * @param strides in elements, not negative
   * @return the tensor, owned by the caller
   * @throws IllegalArgumentException if the memory is not native or too short, or lengths and
   *     strides do not go together
   */
  public static TensorHandle view(MemorySegment data, DType type, long[] shape, long[] strides) {
    TorchLibrary.load();
    if (!data.isNative()) {
      throw new IllegalArgumentException("a tensor needs native memory, not a Java array's");
    }
    if (shape.length != strides.length) {
      throw new IllegalArgumentException(
          "%d lengths, but %d strides".formatted(shape.length, strides.length));
    }
    long bytes = span(type, shape, strides);
    if (bytes > data.byteSize()) {
      throw new IllegalArgumentException(
          "%s%s with strides %s needs %d bytes, the memory has %d"
              .formatted(
                  type, Arrays.toString(shape), Arrays.toString(strides), bytes, data.byteSize()));
    }
    try (Arena arena = Arena.ofConfined()) {
      long handle =
          StableAbi.tensorFromBlob(
              data,
              arena.allocateFrom(ValueLayout.JAVA_LONG, shape),
              arena.allocateFrom(ValueLayout.JAVA_LONG, strides),
              type.code(),
              Device.CPU);
      return new TensorHandle(handle, true, data);
    }
  }

  /**
   * Counts the tensors that Java owns.
   *
   * @return how many handles are open that free something when they are closed
   */
  public static long live() {
    return LIVE.get();
  }

  /**
   * {@return another handle of the same tensor, which shares the elements, owned by the caller}
   *
   * @throws IllegalStateException if this is closed
   */
  public TensorHandle share() {
    return new TensorHandle(newHandle(), true, source);
  }

  /**
   * {@return the type of the elements}
   *
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if it is none of {@link DType}
   */
  public DType dtype() {
    return DType.ofCode(StableAbi.dtype(address()));
  }

  /**
   * {@return the device where the elements are}
   *
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if it is none of {@link Device.Type}
   */
  public Device device() {
    long tensor = address();
    return new Device(
        Device.Type.ofCode(StableAbi.deviceType(tensor)), StableAbi.deviceIndex(tensor));
  }

  /**
   * {@return the lengths of the dimensions}
   *
   * @throws IllegalStateException if this is closed
   */
  public long[] shape() {
    long tensor = address();
    return longs(StableAbi.sizes(tensor), StableAbi.dim(tensor));
  }

  /**
   * {@return the distances of neighbours in each dimension, in elements}
   *
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if the tensor has none, being laid out for oneDNN
   */
  public long[] strides() {
    long tensor = address();
    return longs(StableAbi.strides(tensor), StableAbi.dim(tensor));
  }

  /**
   * Views the elements of a tensor on the CPU without copying.
   *
   * @return from the first element to the last, in the order in which they lie; valid while the
   *     tensor lives; empty for a tensor without elements
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if the tensor is on another device or laid out for oneDNN
   */
  @SuppressWarnings("restricted")
  public MemorySegment data() {
    if (device().type() != Device.Type.CPU) {
      throw new YoloxException("%s is not in the processor's memory".formatted(this));
    }
    long bytes = span(dtype(), shape(), strides());
    return bytes == 0
        ? MemorySegment.NULL
        : MemorySegment.ofAddress(StableAbi.data(address())).reinterpret(bytes);
  }

  /**
   * Adds another tensor, on the CPU and outside of autograd: the dispatcher's operator takes a
   * number of a type to be found out, which cannot be passed to it.
   *
   * @param other a tensor whose shape goes with this one's
   * @param scale by what the other is multiplied
   * @return this + scale * other, owned by the caller
   * @throws IllegalStateException if one is closed
   * @throws YoloxException if the tensors do not go together
   */
  public TensorHandle add(TensorHandle other, double scale) {
    Scratch scratch = Scratch.ofThread();
    try {
      if (StableAbi.add(address(), other.address(), scale, scratch.result()) != 0) {
        throw new YoloxException("libtorch cannot add %s and %s".formatted(this, other));
      }
      return own(scratch.resultLong());
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(other.source);
    }
  }

  /**
   * {@return the address of the {@code at::Tensor}}
   *
   * @throws IllegalStateException if this is closed
   */
  public long address() {
    long tensor = address.get();
    if (tensor == 0) {
      throw new IllegalStateException("the tensor is closed");
    }
    return tensor;
  }

  /**
   * Gives this share in the tensor away and closes this.
   *
   * @return the address of an {@code at::Tensor} on the C++ heap, which now is the caller's
   * @throws IllegalStateException if this is closed or borrowed
   */
  public long release() {
    if (!owned) {
      throw new IllegalStateException("the tensor is somebody else's");
    }
    long tensor = address.getAndSet(0);
    if (tensor == 0) {
      throw new IllegalStateException("the tensor is closed");
    }
    LIVE.decrementAndGet();
    return tensor;
  }

  /** A new handle as an operator's argument, which the operator consumes. */
  long newHandle() {
    return StableAbi.newTensorHandle(address());
  }

  /** Frees this share in the tensor. Closing again does nothing. */
  @Override
  public void close() {
    long tensor = address.getAndSet(0);
    if (tensor != 0 && owned) {
      LIVE.decrementAndGet();
      StableAbi.deleteTensor(tensor);
    }
  }

  /** Type and shape, for messages. */
  @Override
  public String toString() {
    if (address.get() == 0) {
      return "closed tensor";
    }
    Optional<DType> type = DType.known(StableAbi.dtype(address()));
    return type.map(DType::toString).orElse("tensor") + Arrays.toString(shape());
  }

  /** The bytes from the first element to the last. */
  private static long span(DType type, long[] shape, long[] strides) {
    long last = 0;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0 || strides[i] < 0) {
        throw new IllegalArgumentException(
            "shape %s, strides %s; expected none below 0"
                .formatted(Arrays.toString(shape), Arrays.toString(strides)));
      }
      if (shape[i] == 0) {
        return 0;
      }
      last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
    }
    return Math.multiplyExact(Math.addExact(last, 1), (long) type.bytes());
  }

  @SuppressWarnings("restricted")
  private static long[] longs(long address, long count) {
    return MemorySegment.ofAddress(address)
        .reinterpret(count * Long.BYTES)
        .toArray(ValueLayout.JAVA_LONG);
  }
}
