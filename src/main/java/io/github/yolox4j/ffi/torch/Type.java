package io.github.yolox4j.ffi.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * The type of an argument or a result in a schema: how its values become the 64 bits that cross
 * libtorch's stable interface. Bits that name something on the heap own it, and are consumed by
 * whoever they are passed to.
 */
sealed interface Type {

  /** Whether a value is of this type, and open if it is a tensor. */
  boolean accepts(Value value);

  /** Makes the bits of a value that this accepts. */
  long encode(Value value);

  /** Makes a value of bits, and frees what they own and the value does not. */
  Value decode(long bits);

  /** Frees what bits own that nobody consumes. */
  void release(long bits);

  /** A type that is made of no other. */
  enum Atom implements Type {
    TENSOR(
        "Tensor",
        TensorHandle.class,
        TensorHandle::newHandle,
        TensorHandle::own,
        StableAbi::deleteTensor),
    INT("int", Value.Int.class, Value.Int::value, Value.Int::new),
    FLOAT(
        "float",
        Value.Floating.class,
        number -> Double.doubleToRawLongBits(number.value()),
        bits -> new Value.Floating(Double.longBitsToDouble(bits))),
    BOOL(
        "bool",
        Value.Bool.class,
        truth -> truth.value() ? 1 : 0,
        bits -> new Value.Bool((bits & 0xff) != 0)),
    STRING(
        "str",
        Value.Text.class,
        text -> StableAbi.newString(text.value().getBytes(StandardCharsets.UTF_8)),
        Atom::text,
        StableAbi::deleteString),
    SCALAR_TYPE("ScalarType", DType.class, DType::code, bits -> DType.ofCode((int) bits)),
    LAYOUT("Layout", Layout.class, Layout::code, bits -> Layout.ofCode((int) bits)),
    MEMORY_FORMAT(
        "MemoryFormat",
        MemoryFormat.class,
        MemoryFormat::code,
        bits -> MemoryFormat.ofCode((int) bits)),
    DEVICE("Device", Device.class, Device::bits, Device::ofBits);

    private final String inSchema;
    private final Class<? extends Value> kind;
    private final ToLongFunction<Value> encoder;
    private final LongFunction<Value> decoder;
    private final LongConsumer release;

    <V extends Value> Atom(
        String inSchema, Class<V> kind, ToLongFunction<V> encoder, LongFunction<Value> decoder) {
      this(inSchema, kind, encoder, decoder, _ -> {});
    }

    <V extends Value> Atom(
        String inSchema,
        Class<V> kind,
        ToLongFunction<V> encoder,
        LongFunction<Value> decoder,
        LongConsumer release) {
      this.inSchema = inSchema;
      this.kind = kind;
      this.encoder = value -> encoder.applyAsLong(kind.cast(value));
      this.decoder = decoder;
      this.release = release;
    }

    @SuppressWarnings("restricted")
    private static Value text(long bits) {
      byte[] utf8 =
          MemorySegment.ofAddress(StableAbi.stringData(bits))
              .reinterpret(StableAbi.stringLength(bits))
              .toArray(ValueLayout.JAVA_BYTE);
      StableAbi.deleteString(bits);
      return new Value.Text(new String(utf8, StandardCharsets.UTF_8));
    }

    @Override
    public boolean accepts(Value value) {
      return kind.isInstance(value);
    }

    @Override
    public long encode(Value value) {
      return encoder.applyAsLong(value);
    }

    @Override
    public Value decode(long bits) {
      return decoder.apply(bits);
    }

    @Override
    public void release(long bits) {
      release.accept(bits);
    }

    @Override
    public String toString() {
      return inSchema;
    }
  }

  /**
   * A list.
   *
   * @param element the type of its values
   */
  record ListOf(Type element) implements Type {
    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Items(var values) && values.stream().allMatch(element::accepts);
    }

    @Override
    public long encode(Value value) {
      List<? extends Value> values = ((Value.Items) value).values();
      long list = StableAbi.newList(values.size());
      try {
        for (Value each : values) {
          StableAbi.append(list, element.encode(each));
        }
        return list;
      } catch (RuntimeException | Error e) {
        release(list);
        throw e;
      }
    }

    @Override
    public Value decode(long bits) {
      List<Value> values = new ArrayList<>();
      long size = StableAbi.listSize(bits);
      for (long i = 0; i < size; i++) {
        values.add(element.decode(StableAbi.listItem(bits, i)));
      }
      StableAbi.deleteList(bits);
      return new Value.Items(values);
    }

    @Override
    public void release(long bits) {
      long size = StableAbi.listSize(bits);
      for (long i = 0; i < size; i++) {
        element.release(StableAbi.listItem(bits, i));
      }
      StableAbi.deleteList(bits);
    }

    @Override
    public String toString() {
      return element + "[]";
    }
  }

  /**
   * A value that may be left out: 0, or the address of its bits.
   *
   * @param content the type of the value
   */
  record OptionalOf(Type content) implements Type {
    @Override
    public boolean accepts(Value value) {
      return value instanceof Value.Maybe(var given)
          && (given.isEmpty() || content.accepts(given.get()));
    }

    @Override
    public long encode(Value value) {
      Optional<Value> given = ((Value.Maybe) value).value();
      if (given.isEmpty()) {
        return 0;
      }
      long bits = content.encode(given.get());
      long cell = StableAbi.allocate(Long.BYTES);
      cell(cell).set(ValueLayout.JAVA_LONG, 0, bits);
      return cell;
    }

    @Override
    public Value decode(long bits) {
      if (bits == 0) {
        return Value.none();
      }
      long inner = cell(bits).get(ValueLayout.JAVA_LONG, 0);
      StableAbi.free(bits);
      return Value.some(content.decode(inner));
    }

    @Override
    public void release(long bits) {
      if (bits != 0) {
        content.release(cell(bits).get(ValueLayout.JAVA_LONG, 0));
        StableAbi.free(bits);
      }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment cell(long address) {
      return MemorySegment.ofAddress(address).reinterpret(Long.BYTES);
    }

    @Override
    public String toString() {
      return content + "?";
    }
  }
}
