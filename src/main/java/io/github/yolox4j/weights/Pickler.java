package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree of plain values and tensors as the pickle of a checkpoint, protocol 2. A map of
 * nothing but tensors becomes an OrderedDict, as a state dict is; every other map a dict.
 */
final class Pickler {

  /** Far beyond any checkpoint; a tree that is deeper holds itself. */
  private static final int MAX_DEPTH = 200;

  /** A storage's identity: tensors that share memory are written as views of one storage. */
  private record StorageKey(MemorySegment memory, WeightType type) {}

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<Object, Integer> memo = new HashMap<>();
  private final Map<StorageKey, Integer> keys = new LinkedHashMap<>();

  /**
   * Pickles a tree.
   *
   * @throws YoloxException if it holds something that has no plain form
   */
  byte[] pickle(Object root) {
    opcode(0x80);
    out.write(2);
    value(root, 0);
    opcode('.');
    return out.toByteArray();
  }

  /** The storages met, each at the index that is its key. */
  List<MemorySegment> storages() {
    return keys.keySet().stream().map(StorageKey::memory).toList();
  }

  private void value(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new YoloxException("a checkpoint is nested deeper than %d".formatted(MAX_DEPTH));
    }
    switch (value) {
      case null -> opcode('N');
      case Boolean flag -> opcode(flag ? 0x88 : 0x89);
      case Integer number -> integer(number);
      case Long number -> integer(number);
      case BigInteger number -> integer(number);
      case Float number -> real(number);
      case Double number -> real(number);
      case String text -> text(text);
      case WeightArray array -> tensor(array);
      case Map<?, ?> map -> map(map, depth);
      case List<?> list -> {
        opcode(']');
        opcode('(');
        list.forEach(element -> value(element, depth + 1));
        opcode('e');
      }
      default ->
          throw new YoloxException(
              "a checkpoint cannot hold a %s: only plain values and tensors"
                  .formatted(value.getClass().getSimpleName()));
    }
  }

  private void map(Map<?, ?> map, int depth) {
    if (!map.isEmpty() && map.values().stream().allMatch(WeightArray.class::isInstance)) {
      orderedDict();
    } else {
      opcode('}');
    }
    opcode('(');
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String || key instanceof Long || key instanceof Integer)) {
            throw new YoloxException("a checkpoint's keys are strings and ints, not " + key);
          }
          value(key, depth + 1);
          value(value, depth + 1);
        });
    opcode('u');
  }

  private void tensor(WeightArray array) {
    global("torch._utils", "_rebuild_tensor_v2");
    opcode('(');
    storage(array);
    integer(array.offset());
    longs(array.shape());
    longs(array.strides());
    opcode(0x89); // requires_grad
    orderedDict(); // backward hooks
    opcode('t');
    opcode('R');
  }

  private void storage(WeightArray array) {
    StorageKey identity = new StorageKey(array.storage(), array.dtype());
    int key = keys.computeIfAbsent(identity, _ -> keys.size());
    opcode('(');
    text("storage");
    global("torch", array.dtype().storageClass());
    text(Integer.toString(key));
    text("cpu");
    integer(array.storage().byteSize() / array.dtype().bytes());
    opcode('t');
    opcode('Q');
  }

  private void orderedDict() {
    global("collections", "OrderedDict");
    opcode(')');
    opcode('R');
  }

  private void longs(long[] values) {
    opcode('(');
    for (long value : values) {
      integer(value);
    }
    opcode('t');
  }

  private void integer(long value) {
    if (value >= 0 && value <= 0xFF) {
      opcode('K');
      out.write((int) value);
    } else if (value == (int) value) {
      opcode('J');
      fourBytes((int) value);
    } else {
      integer(BigInteger.valueOf(value));
    }
  }

  private void integer(BigInteger value) {
    byte[] bytes = value.toByteArray();
    if (bytes.length > 0xFF) {
      throw new YoloxException("an int of %d bytes is too large".formatted(bytes.length));
    }
    opcode(0x8a);
    out.write(bytes.length);
    out.writeBytes(LittleEndian.reversed(bytes));
  }

  private void real(double value) {
    opcode('G');
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
  }

  private void text(String text) {
    memoised(
        text,
        () -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          opcode('X');
          fourBytes(bytes.length);
          out.writeBytes(bytes);
        });
  }

  private void global(String module, String name) {
    memoised(
        List.of(module, name),
        () -> {
          opcode('c');
          out.writeBytes("%s\n%s\n".formatted(module, name).getBytes(StandardCharsets.US_ASCII));
        });
  }

  /** Writes something into the memo, or refers to what is there. */
  private void memoised(Object key, Runnable write) {
    Integer index = memo.putIfAbsent(key, memo.size());
    if (index == null) {
      write.run();
    }
    opcode(index == null ? 'r' : 'j');
    fourBytes(index == null ? memo.size() - 1 : index);
  }

  private void opcode(int opcode) {
    out.write(opcode);
  }

  private void fourBytes(int value) {
    out.writeBytes(LittleEndian.wrap(new byte[Integer.BYTES]).putInt(value).array());
  }
}
