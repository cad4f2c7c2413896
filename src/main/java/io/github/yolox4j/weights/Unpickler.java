package io.github.yolox4j.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a Python pickle of plain data, protocols 2 to 5, without running anything that it names.
 *
 * <p>A dict becomes a {@link LinkedHashMap}, a list and a tuple a {@link List}, an int a {@link
 * Long} or beyond 64 bits a {@link BigInteger}, a float a {@link Double}, bytes a {@code byte[]},
 * None null. The pickle's stack and memo grow by at most one entry per opcode, so that a pickle
 * takes at most {@link #HEAP_PER_BYTE} bytes of heap for each of its own; the number of opcodes is
 * bounded, and nothing here recurses, so neither a deep nor a cyclic structure can exhaust the
 * stack.
 */
final class Unpickler {

  /** A checkpoint of the largest model with its optimizer has some 50,000. */
  private static final int MAX_OPCODES = 10_000_000;

  /** The names of a checkpoint are short; what is long in one is a storage. */
  static final int MAX_STRING = 1 << 26;

  /** An opcode of one byte makes a container, the stack's place for it and what passes it on. */
  static final int HEAP_PER_BYTE = 400;

  private static final int MAX_NAME = 1 << 10;

  /** Keys of several kinds and one hash are looked for one by one. */
  private static final int MAX_MIXED_KEYS = 100;

  private static final int MAX_INTEGER_BYTES = 1 << 10;
  private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MappedFile file;
  private final MemorySegment data;
  private final Function<StorageId, Storage> storages;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private long position;
  private long encodable;

  /**
   * Prepares to read one pickle.
   *
   * @param file named in messages
   * @param data what holds the pickle
   * @param begin where it begins
   * @param storages finds the storage of a persistent id
   */
  Unpickler(
      MappedFile file, MemorySegment data, long begin, Function<StorageId, Storage> storages) {
    this.file = file;
    this.data = data;
    this.storages = storages;
    this.position = begin;
    this.encodable = data.byteSize();
  }

  /** Reads a pickle that may hold no tensors. */
  static Unpickler plain(MappedFile file, MemorySegment data, long begin) {
    return new Unpickler(
        file,
        data,
        begin,
        _ -> {
          throw new IllegalArgumentException("a tensor where none belongs");
        });
  }

  /** The first byte after the pickle, once it is loaded. */
  long position() {
    return position;
  }

  /**
   * Reads the pickle.
   *
   * @throws YoloxException if it is damaged, too large, or names something that is refused
   */
  Object load() {
    for (int count = 0; count < MAX_OPCODES; count++) {
      long at = position;
      int opcode = take(1, "an opcode").get(JAVA_BYTE, 0) & 0xFF;
      try {
        if (opcode == '.') {
          return plain(pop());
        }
        execute(opcode);
      } catch (IllegalArgumentException e) {
        throw file.broken(
            "the pickle is not one that can be read: %s (opcode at byte %d)"
                .formatted(e.getMessage(), at),
            e);
      }
    }
    throw file.broken("the pickle has more than %d opcodes".formatted(MAX_OPCODES));
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(unsignedByte());
      case 0x95 -> requireLength(signedLong(), "a frame");
      case 'N' -> stack.add(null);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'J' -> stack.add((long) signedInt());
      case 'K' -> stack.add((long) unsignedByte());
      case 'M' -> stack.add((long) LittleEndian.unsignedShort(take(2, "an int"), 0));
      case 0x8a -> stack.add(integer(unsignedByte()));
      case 0x8b -> stack.add(integer(signedInt()));
      case 'G' -> stack.add(take(8, "a float").get(BIG_ENDIAN_DOUBLE, 0));
      case 'X' -> stack.add(text(unsignedInt()));
      case 0x8c -> stack.add(text(unsignedByte()));
      case 0x8d -> stack.add(text(signedLong()));
      case 'T' -> stack.add(text(signedInt()));
      case 'U' -> stack.add(text(unsignedByte()));
      case 'B' -> stack.add(bytes(unsignedInt()));
      case 'C' -> stack.add(bytes(unsignedByte()));
      case 0x8e, 0x96 -> stack.add(bytes(signedLong()));
      case ']' -> stack.add(new ArrayList<>());
      case 'l' -> {
        List<Object> values = popToMark();
        stack.add(new ArrayList<>());
        append(values);
      }
      case 'a' -> append(pop(1));
      case 'e' -> append(popToMark());
      case ')' -> stack.add(List.of());
      case 't' -> stack.add(tuple(popToMark()));
      case 0x85 -> stack.add(tuple(pop(1)));
      case 0x86 -> stack.add(tuple(pop(2)));
      case 0x87 -> stack.add(tuple(pop(3)));
      case '}' -> stack.add(new LinkedHashMap<>());
      case 'd' -> {
        List<Object> entries = popToMark();
        stack.add(new LinkedHashMap<>());
        setItems(entries);
      }
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popToMark());
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> stack.add(top());
      case '(' -> marks.add(stack.size());
      case 'q' -> memo.put((long) unsignedByte(), top());
      case 'r' -> memo.put(unsignedInt(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> stack.add(remembered(unsignedByte()));
      case 'j' -> stack.add(remembered(unsignedInt()));
      case 'c' -> stack.add(global(line(), line()));
      case 0x93 -> {
        List<Object> names = pop(2);
        if (!(names.get(0) instanceof String module && names.get(1) instanceof String name)) {
          throw new IllegalArgumentException("a global's name is not a string");
        }
        stack.add(global(module, name));
      }
      case 'R' -> reduce();
      case 'b' -> build();
      case 'Q' -> stack.add(storages.apply(StorageId.of(pop())));
      default ->
          throw new IllegalArgumentException(
              "opcode 0x%02x is none of those that plain data needs".formatted(opcode));
    }
  }

  private static void protocol(int version) {
    if (version < 2 || version > 5) {
      throw new IllegalArgumentException(
          "its protocol is %d, where 2 to 5 are known".formatted(version));
    }
  }

  private PickleGlobal global(String module, String name) {
    return PickleGlobal.find(module, name)
        .orElseThrow(
            () ->
                file.broken(
                    "the pickle asks for %s.%s: refused, because loading it could run code"
                        .formatted(module, name)));
  }

  private void reduce() {
    List<Object> call = pop(2);
    if (!(call.get(0) instanceof PickleGlobal.Function function
        && call.get(1) instanceof List<?> arguments)) {
      throw new IllegalArgumentException("it calls something that is not a function");
    }
    if (function == PickleGlobal.Function.ENCODE
        && !arguments.isEmpty()
        && arguments.getFirst() instanceof String text) {
      // one string may be encoded again and again: all of it together must not outgrow the file
      encodable -= text.length();
      if (encodable < 0) {
        throw new IllegalArgumentException("it makes more bytes than it has");
      }
    }
    stack.add(function.call(arguments));
  }

  private void build() {
    Object state = pop();
    switch (top()) {
      // attributes of a state dict, such as the versions of its modules
      case Map<?, ?> _ when state instanceof Map<?, ?> -> {}
      case NumpyType _ when littleEndian(state) -> {}
      case null, default ->
          throw new IllegalArgumentException("it sets the state of something that takes none");
    }
  }

  private static boolean littleEndian(Object state) {
    return state instanceof List<?> fields
        && fields.size() > 1
        && ("<".equals(fields.get(1)) || "|".equals(fields.get(1)));
  }

  private void append(List<Object> values) {
    if (!(top() instanceof ArrayList<?>)) {
      throw new IllegalArgumentException("it appends to something that is not a list");
    }
    @SuppressWarnings("unchecked") // every ArrayList here is one of ours
    List<Object> list = (ArrayList<Object>) top();
    values.forEach(value -> list.add(plain(value)));
  }

  private void setItems(List<Object> entries) {
    if (!(top() instanceof LinkedHashMap<?, ?>) || entries.size() % 2 != 0) {
      throw new IllegalArgumentException("it sets items of something that is not a dict");
    }
    @SuppressWarnings("unchecked") // every LinkedHashMap here is one of ours
    LinkedHashMap<Object, Object> dict = (LinkedHashMap<Object, Object>) top();
    for (int i = 0; i < entries.size(); i += 2) {
      Object key = entries.get(i);
      // containers as keys would be hashed, recursively
      if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) {
        throw new IllegalArgumentException("a dict's key is neither a string nor an int");
      }
      if (dict.size() >= MAX_MIXED_KEYS
          && dict.firstEntry().getKey().getClass() != key.getClass()) {
        throw new IllegalArgumentException(
            "a dict of more than %d items has keys of several kinds".formatted(MAX_MIXED_KEYS));
      }
      dict.put(key, plain(entries.get(i + 1)));
    }
  }

  /** Lets pass what may stand in the tree that is handed out. */
  private static Object plain(Object value) {
    if (value instanceof PickleGlobal || value instanceof Storage || value instanceof NumpyType) {
      throw new IllegalArgumentException("it holds a value that is neither plain nor a tensor");
    }
    return value;
  }

  private static List<Object> tuple(List<Object> values) {
    return Collections.unmodifiableList(Arrays.asList(values.toArray()));
  }

  private Object top() {
    if (stack.size() <= floor()) {
      throw new IllegalArgumentException("it takes from an empty stack");
    }
    return stack.getLast();
  }

  private Object pop() {
    Object value = top();
    stack.removeLast();
    return value;
  }

  private List<Object> pop(int count) {
    if (stack.size() - count < floor()) {
      throw new IllegalArgumentException("it takes from an empty stack");
    }
    return popFrom(stack.size() - count);
  }

  private List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw new IllegalArgumentException("it has no mark");
    }
    return popFrom(marks.removeLast());
  }

  private List<Object> popFrom(int begin) {
    List<Object> tail = stack.subList(begin, stack.size());
    List<Object> values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private Object remembered(long index) {
    if (!memo.containsKey(index)) {
      throw new IllegalArgumentException("it has nothing remembered as %d".formatted(index));
    }
    return memo.get(index);
  }

  private int unsignedByte() {
    return take(1, "a byte").get(JAVA_BYTE, 0) & 0xFF;
  }

  private int signedInt() {
    return take(4, "an int").get(LittleEndian.INT, 0);
  }

  private long unsignedInt() {
    return Integer.toUnsignedLong(signedInt());
  }

  private long signedLong() {
    return take(8, "a length").get(LittleEndian.LONG, 0);
  }

  private Object integer(int length) {
    if (length > MAX_INTEGER_BYTES) {
      throw new IllegalArgumentException("an int has %d bytes".formatted(length));
    }
    BigInteger value =
        length == 0 ? BigInteger.ZERO : new BigInteger(LittleEndian.reversed(bytes(length)));
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private byte[] bytes(long length) {
    if (length > MAX_STRING && length <= data.byteSize() - position) {
      throw new IllegalArgumentException("a string has %d bytes".formatted(length));
    }
    return take(length, "a string").toArray(JAVA_BYTE);
  }

  private String text(long length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(length))).toString();
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException("a string is not UTF-8");
    }
  }

  private String line() {
    long end = position;
    while (end < data.byteSize()
        && end - position <= MAX_NAME
        && data.get(JAVA_BYTE, end) != '\n') {
      end++;
    }
    String line = text(end - position);
    if (end < data.byteSize() && data.get(JAVA_BYTE, end) != '\n') {
      throw new IllegalArgumentException("a global's name is too long");
    }
    take(1, "the end of a name");
    return line;
  }

  private MemorySegment take(long length, String what) {
    requireLength(length, what);
    MemorySegment taken = data.asSlice(position, length);
    position += length;
    return taken;
  }

  private void requireLength(long length, String what) {
    if (length < 0 || length > data.byteSize() - position) {
      throw file.broken(
          "the pickle is cut off or damaged: %s needs %s bytes at byte %d, and %d are left"
              .formatted(
                  what, Long.toUnsignedString(length), position, data.byteSize() - position));
    }
  }
}
