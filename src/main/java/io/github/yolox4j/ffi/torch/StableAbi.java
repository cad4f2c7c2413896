package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C functions as Java methods. A status of 0 is success; a failure's message cannot be had.
 * Only reached by way of {@link TorchLibrary#load}, which has thrown where there is no library.
 */
final class StableAbi {

  private static final TorchLibrary LIBRARY = TorchLibrary.opened();

  private static final MethodHandle NEW_TENSOR_HANDLE = LIBRARY.handle(Symbol.NEW_TENSOR_HANDLE);
  private static final MethodHandle DELETE_TENSOR = LIBRARY.handle(Symbol.DELETE_TENSOR);
  private static final MethodHandle GET_DIM = LIBRARY.handle(Symbol.GET_DIM);
  private static final MethodHandle GET_SIZES = LIBRARY.handle(Symbol.GET_SIZES);
  private static final MethodHandle GET_STRIDES = LIBRARY.handle(Symbol.GET_STRIDES);
  private static final MethodHandle GET_DTYPE = LIBRARY.handle(Symbol.GET_DTYPE);
  private static final MethodHandle GET_DEVICE_TYPE = LIBRARY.handle(Symbol.GET_DEVICE_TYPE);
  private static final MethodHandle GET_DEVICE_INDEX = LIBRARY.handle(Symbol.GET_DEVICE_INDEX);
  private static final MethodHandle GET_DATA = LIBRARY.handle(Symbol.GET_DATA);
  private static final MethodHandle TENSOR_FROM_BLOB = LIBRARY.handle(Symbol.TENSOR_FROM_BLOB);
  private static final MethodHandle THREADS = LIBRARY.handle(Symbol.THREADS);
  private static final MethodHandle CALL_DISPATCHER = LIBRARY.handle(Symbol.CALL_DISPATCHER);
  private static final MethodHandle NEW_LIST = LIBRARY.handle(Symbol.NEW_LIST);
  private static final MethodHandle LIST_PUSH_BACK = LIBRARY.handle(Symbol.LIST_PUSH_BACK);
  private static final MethodHandle LIST_SIZE = LIBRARY.handle(Symbol.LIST_SIZE);
  private static final MethodHandle LIST_GET_ITEM = LIBRARY.handle(Symbol.LIST_GET_ITEM);
  private static final MethodHandle DELETE_LIST = LIBRARY.handle(Symbol.DELETE_LIST);
  private static final MethodHandle NEW_STRING = LIBRARY.handle(Symbol.NEW_STRING);
  private static final MethodHandle STRING_LENGTH = LIBRARY.handle(Symbol.STRING_LENGTH);
  private static final MethodHandle STRING_DATA = LIBRARY.handle(Symbol.STRING_DATA);
  private static final MethodHandle DELETE_STRING = LIBRARY.handle(Symbol.DELETE_STRING);
  private static final MethodHandle NEW_FRAGMENT = LIBRARY.handle(Symbol.NEW_FRAGMENT);
  private static final MethodHandle DEFINE_SCHEMA = LIBRARY.handle(Symbol.DEFINE_SCHEMA);
  private static final MethodHandle DELETE_FRAGMENT = LIBRARY.handle(Symbol.DELETE_FRAGMENT);
  private static final MethodHandle ADD = LIBRARY.handle(Symbol.ADD);
  private static final MethodHandle CONVOLUTION = LIBRARY.handle(Symbol.CONVOLUTION);

  private static final MethodHandle ALLOCATE =
      CxxHeap.function(
          "_Znwm", "malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      CxxHeap.function("_ZdlPv", "free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

  private StableAbi() {}

  // ---- tensors

  /** Another handle of the same tensor, owned by the caller. */
  static long newTensorHandle(long handle) {
    return answer(NEW_TENSOR_HANDLE, Symbol.NEW_TENSOR_HANDLE, handle);
  }

  static void deleteTensor(long handle) {
    consume(DELETE_TENSOR, Symbol.DELETE_TENSOR, handle);
  }

  static long dim(long handle) {
    return answer(GET_DIM, Symbol.GET_DIM, handle);
  }

  /** The address of the lengths, which libtorch owns. */
  static long sizes(long handle) {
    return answer(GET_SIZES, Symbol.GET_SIZES, handle);
  }

  /** The address of the strides, which libtorch owns. */
  static long strides(long handle) {
    return answer(GET_STRIDES, Symbol.GET_STRIDES, handle);
  }

  static int dtype(long handle) {
    return (int) answer(GET_DTYPE, Symbol.GET_DTYPE, handle);
  }

  static int deviceType(long handle) {
    return (int) answer(GET_DEVICE_TYPE, Symbol.GET_DEVICE_TYPE, handle);
  }

  static int deviceIndex(long handle) {
    return (int) answer(GET_DEVICE_INDEX, Symbol.GET_DEVICE_INDEX, handle);
  }

  static long data(long handle) {
    return answer(GET_DATA, Symbol.GET_DATA, handle);
  }

  static long tensorFromBlob(
      MemorySegment data, MemorySegment sizes, MemorySegment strides, int dtype, Device device) {
    Scratch scratch = Scratch.ofThread();
    try {
      require(
          (int)
              TENSOR_FROM_BLOB.invokeExact(
                  data,
                  sizes.byteSize() / Long.BYTES,
                  sizes,
                  strides,
                  0L,
                  dtype,
                  device.type().code(),
                  device.index(),
                  scratch.result()),
          Symbol.TENSOR_FROM_BLOB);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    return scratch.resultLong();
  }

  /** How many threads a call may compute on. */
  static int threads() {
    Scratch scratch = Scratch.ofThread();
    try {
      require((int) THREADS.invokeExact(scratch.result()), Symbol.THREADS);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    return scratch.resultInt();
  }

  // ---- operators: the status is returned, because only the caller can say what failed

  /** Calls an operator on values that it consumes; its results lie where they lay. */
  static int callDispatcher(MemorySegment name, MemorySegment overload, MemorySegment stack) {
    try {
      return (int) CALL_DISPATCHER.invokeExact(name, overload, stack, AbiVersion.OURS.bits());
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  /** first + scale * second, on the CPU, outside of autograd. */
  static int add(long first, long second, double scale, MemorySegment result) {
    try {
      return (int) ADD.invokeExact(first, second, scale, result);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  /** A convolution with an activation, on the CPU, outside of autograd. */
  static int convolution(
      long input, long weight, ConvolutionArguments arguments, MemorySegment result) {
    try {
      return (int)
          CONVOLUTION.invokeExact(
              input,
              weight,
              arguments.bias(),
              arguments.padding(),
              2L,
              arguments.stride(),
              2L,
              arguments.dilation(),
              2L,
              arguments.groups(),
              arguments.activation(),
              arguments.scalars(),
              arguments.scalarCount(),
              MemorySegment.NULL,
              result);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  // ---- lists and strings

  static long newList(long capacity) {
    return answer(NEW_LIST, Symbol.NEW_LIST, capacity);
  }

  static void append(long list, long value) {
    try {
      require((int) LIST_PUSH_BACK.invokeExact(list, value), Symbol.LIST_PUSH_BACK);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  static long listSize(long handle) {
    return answer(LIST_SIZE, Symbol.LIST_SIZE, handle);
  }

  static long listItem(long list, long index) {
    Scratch scratch = Scratch.ofThread();
    try {
      require((int) LIST_GET_ITEM.invokeExact(list, index, scratch.result()), Symbol.LIST_GET_ITEM);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    return scratch.resultLong();
  }

  /** Frees a list, but not what its elements own. */
  static void deleteList(long handle) {
    consume(DELETE_LIST, Symbol.DELETE_LIST, handle);
  }

  static long newString(byte[] utf8) {
    Scratch scratch = Scratch.ofThread();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, utf8);
      require(
          (int) NEW_STRING.invokeExact(bytes, (long) utf8.length, scratch.result()),
          Symbol.NEW_STRING);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    return scratch.resultLong();
  }

  static long stringLength(long handle) {
    return answer(STRING_LENGTH, Symbol.STRING_LENGTH, handle);
  }

  static long stringData(long handle) {
    return answer(STRING_DATA, Symbol.STRING_DATA, handle);
  }

  static void deleteString(long handle) {
    consume(DELETE_STRING, Symbol.DELETE_STRING, handle);
  }

  // ---- operator definitions

  /** Opens a fragment, for whose place in a source file libtorch wants a name. */
  static long newFragment(MemorySegment namespace, MemorySegment file) {
    Scratch scratch = Scratch.ofThread();
    try {
      require(
          (int) NEW_FRAGMENT.invokeExact(namespace, file, 0, scratch.result()),
          Symbol.NEW_FRAGMENT);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    return scratch.resultLong();
  }

  /** Returns whether the operator could be defined, which it cannot where there is one already. */
  static boolean define(long fragment, MemorySegment schema) {
    try {
      return (int) DEFINE_SCHEMA.invokeExact(fragment, schema) == 0;
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  static void deleteFragment(long handle) {
    consume(DELETE_FRAGMENT, Symbol.DELETE_FRAGMENT, handle);
  }

  // ---- the C++ heap, on which libtorch deletes what is in an optional

  static long allocate(long bytes) {
    long address;
    try {
      address = (long) ALLOCATE.invokeExact(bytes);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    if (address == 0) {
      throw new OutOfMemoryError("no native memory for an optional value");
    }
    return address;
  }

  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  /** Calls a function of one number that answers in memory; an int is the low half of a long. */
  private static long answer(MethodHandle function, Symbol symbol, long about) {
    Scratch scratch = Scratch.ofThread();
    try {
      require((int) function.invokeExact(about, scratch.result()), symbol);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    return scratch.resultLong();
  }

  /** Calls a function that frees what a handle names. */
  private static void consume(MethodHandle function, Symbol symbol, long handle) {
    try {
      require((int) function.invokeExact(handle), symbol);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  private static void require(int status, Symbol symbol) {
    if (status != 0) {
      throw new YoloxException("libtorch's %s failed".formatted(symbol.exported()));
    }
  }
}
