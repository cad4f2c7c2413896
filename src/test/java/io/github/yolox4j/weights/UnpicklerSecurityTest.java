package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile pickles get a sentence; plain ones are read whatever opcodes they use. */
class UnpicklerSecurityTest {

  @TempDir Path folder;

  private Object load(byte[] pickle) {
    try (Checkpoint checkpoint = Checkpoint.read(Pickle.checkpoint(folder, pickle, 1, 2, 3, 4))) {
      return checkpoint.root();
    }
  }

  private String refusal(byte[] pickle) {
    return assertThrows(YoloxException.class, () -> load(pickle)).getMessage();
  }

  private void refuses(String expected, Pickle pickle) {
    String message = refusal(pickle.stop());
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("crafted.pth"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "builtins, eval",
    "__builtin__, getattr",
    "os, popen",
    "torch, load",
    "torch._utils, _rebuild_tensor_v3",
    "numpy.core.multiarray, _reconstruct",
    "collections, defaultdict",
  })
  void refusesEveryOtherGlobal(String module, String name) {
    String expected = "asks for %s.%s: refused, because".formatted(module, name);
    Pickle call = Pickle.begin().global(module, name).text("echo").op(0x85, 'R');
    refuses(expected, call);
    refuses(expected, Pickle.begin().text(module).text(name).op(0x93, ')', 'R'));
  }

  @Test
  void showsNoControlCharactersOfAName() {
    refuses("asks for a?[2Jb.x?", Pickle.begin().global("a\u001b[2Jb", "x\u0007"));
  }

  @Test
  void callsNothingButFunctions() {
    refuses("calls something that is not", Pickle.begin().text("eval").op(')', 'R'));
    refuses(
        "calls something that is not", Pickle.begin().global("torch", "FloatStorage").raw(")R"));
    refuses("calls something", Pickle.begin().global("collections", "OrderedDict").op('N', 'R'));
    refuses("opcode 0x81", Pickle.begin().global("collections", "OrderedDict").op(')', 0x81));
    refuses("opcode 0x69", Pickle.begin().op('(').raw("iposix\nsystem\n"));
    refuses("opcode 0x82", Pickle.begin().op(0x82, 1));
  }

  @Test
  void refusesArgumentsOfOtherKinds() {
    Pickle dict = Pickle.begin().global("collections", "OrderedDict");
    refuses("OrderedDict has unexpected", dict.op('K', 1, 0x85, 'R'));
    for (String name : List.of("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter")) {
      Pickle call = Pickle.begin().global("torch._utils", name);
      refuses(name + " has unexpected", call.op('K', 1, 'K', 2, 'K', 3, 0x87, 'R'));
      Pickle four = Pickle.begin().global("torch._utils", name).op('(');
      refuses(name + " has unexpected", four.op('N', 'N', 'N', 'N', 't', 'R'));
      Pickle six = Pickle.begin().global("torch._utils", name).op('(');
      refuses(name + " has unexpected", six.op('N', 'N', 'N', 'N', 'N', 'N', 't', 'R'));
    }
    refuses("Size has", Pickle.begin().global("torch", "Size").op('N', 0x85, 'R'));
    refuses("dtype has", Pickle.begin().global("numpy", "dtype").op('N', 0x85, 'R'));
    refuses("scalar has", Pickle.begin().global("numpy.core.multiarray", "scalar").op(')', 'R'));
    refuses("encode has", Pickle.begin().global("_codecs", "encode").op('N', 'N', 0x86, 'R'));
  }

  @Test
  void setsTheStateOfNothingElse() {
    refuses("takes none", Pickle.begin().raw("]}b"));
    refuses("takes none", Pickle.begin().raw("NNb"));
    refuses("takes none", dtype("f4").op('(', 'K', 3).text(">").raw("tb"));
  }

  private static Pickle dtype(String code) {
    return Pickle.begin().global("numpy", "dtype").text(code).op(0x85, 'R');
  }

  @Test
  void handsOutNoInnards() {
    refuses("neither plain nor", Pickle.begin().global("torch", "FloatStorage"));
    refuses("neither plain nor", Pickle.begin().op(']').global("torch", "Size").op('a'));
    refuses("neither plain nor", dtype("i8"));
    refuses("not a plain number", dtype("O8"));
  }

  @ParameterizedTest
  @ValueSource(ints = {'X', 'T', 'B', 0x8b})
  void believesNoDeclaredLength(int opcode) {
    for (int length : new int[] {Integer.MAX_VALUE, -1, 1 << 20}) {
      String message = refusal(Pickle.begin().op(opcode).int32(length).stop());
      assertTrue(message.contains("are left") || message.contains("an int has"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x8d, 0x8e, 0x96, 0x95})
  void believesNoDeclaredLongLength(int opcode) {
    for (long length : new long[] {Long.MAX_VALUE, -1, 1L << 40}) {
      refuses("are left", Pickle.begin().op(opcode).int64(length));
    }
  }

  @Test
  void theMemoGrowsNoFasterThanTheFile() {
    Pickle memo = Pickle.begin().op('N');
    for (int i = 0; i < 1000; i++) {
      memo.op('r').int32(-1 - i);
    }
    assertEquals(null, load(memo.stop()));
    refuses("nothing remembered as 7", Pickle.begin().op('h', 7));
  }

  @Test
  void refusesEndlessOpcodes() {
    byte[] endless = new byte[10_000_010];
    for (int i = 0; i < endless.length; i += 2) {
      endless[i] = 'N';
      endless[i + 1] = '0';
    }
    assertTrue(refusal(endless).contains("more than 10000000 opcodes"));
  }

  @Test
  void refusesToMultiplyAString() {
    Pickle pickle = Pickle.begin().text("x".repeat(1000)).op('q', 0, '0', '(');
    for (int i = 0; i < 100; i++) {
      pickle.global("_codecs", "encode").op('h', 0).text("latin1").op(0x86, 'R');
    }
    refuses("makes more bytes than it has", pickle.op('t'));
  }

  @Test
  void refusesToMultiplyAStorage() {
    refuses("repeats the 4 elements", tensor(0, new int[] {2_000_000_000}, new int[] {0}));
  }

  private static Pickle tensor(int offset, int[] shape, int[] strides) {
    return storage(Pickle.begin().global("torch._utils", "_rebuild_tensor_v2").op('('), "0", 4)
        .op('J')
        .int32(offset)
        .raw(tuple(shape))
        .raw(tuple(strides))
        .op(0x89, 'N', 't', 'R');
  }

  private static Pickle storage(Pickle pickle, String key, int elements) {
    pickle.op('(').text("storage").global("torch", "FloatStorage").text(key).text("cpu");
    return pickle.op('J').int32(elements).op('t', 'Q');
  }

  private static String tuple(int... values) {
    Pickle tuple = new Pickle().op('(');
    for (int value : values) {
      tuple.op('J').int32(value);
    }
    return new String(tuple.op('t').bytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aTensorMustFitItsStorage() {
    assertInstanceOf(WeightArray.class, load(tensor(1, new int[] {3}, new int[] {1}).stop()));
    assertInstanceOf(
        WeightArray.class, load(tensor(0, new int[] {1000, 4}, new int[] {0, 1}).stop()));
    refuses("reaches beyond", tensor(2, new int[] {3}, new int[] {1}));
    refuses("reaches beyond", tensor(0, new int[] {2, 2}, new int[] {3, 1}));
    refuses("reaches beyond", tensor(5, new int[] {}, new int[] {}));
    refuses("must not be negative", tensor(-1, new int[] {1}, new int[] {1}));
    refuses("must not be negative", tensor(3, new int[] {2}, new int[] {-1}));
    refuses("must not be negative", tensor(0, new int[] {-1}, new int[] {1}));
    refuses("1 dimensions and 2", tensor(0, new int[] {1}, new int[] {1, 1}));
    int big = Integer.MAX_VALUE;
    refuses("reaches beyond", tensor(0, new int[] {big, big, big}, new int[] {0, 0, 0}));
    refuses("reaches beyond", tensor(0, new int[] {big, big, big}, new int[] {big, big, big}));
    refuses("unexpected arguments", tensor(0, new int[65], new int[65]));
  }

  @Test
  void aStorageMustBeInTheFile() {
    refuses("no entry crafted/data/9", storage(Pickle.begin(), "9", 4));
    refuses("16 bytes of FLOAT32, where 20 bytes", storage(Pickle.begin(), "0", 5));
    refuses("persistent id", storage(Pickle.begin(), "0", -1));
    refuses("persistent id", Pickle.begin().text("module").op('Q'));
    refuses("neither plain nor", storage(Pickle.begin(), "0", 4));
  }

  @Test
  void deepNestingIsRead() {
    int depth = 100_000;
    byte[] lists = new byte[2 * depth];
    Arrays.fill(lists, 0, depth, (byte) ']');
    Arrays.fill(lists, depth, 2 * depth - 1, (byte) 'a');
    lists[2 * depth - 1] = '.';
    Object inner = load(lists);
    for (int i = 1; i < depth; i++) {
      inner = ((List<?>) inner).getFirst();
    }
    assertEquals(List.of(), inner);
    byte[] tuples = new byte[depth + 2];
    Arrays.fill(tuples, (byte) 0x85);
    tuples[0] = 'N';
    tuples[depth + 1] = '.';
    assertInstanceOf(List.class, load(tuples));
  }

  @Test
  void aListMayHoldItself() {
    List<?> list = (List<?>) load(Pickle.begin().op(']', '2', 'a').stop());
    assertSame(list, list.getFirst());
    refuses("key is neither", Pickle.begin().op('}', ']', 'N', 's'));
    Pickle self = Pickle.begin().op('}', 'q', 0, 'K', 1, 'h', 0, 's');
    Map<?, ?> dict = (Map<?, ?>) load(self.stop());
    assertSame(dict, dict.get(1L));
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = tensor(0, new int[] {4}, new int[] {1}).stop();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertTrue(refusal(cut).contains("crafted.pth: the pickle"), () -> "length " + cut.length);
    }
  }

  @Test
  void damagedStructureIsRefused() {
    refuses("empty stack", Pickle.begin());
    refuses("empty stack", Pickle.begin().op('K', 1, 0x86));
    refuses("empty stack", Pickle.begin().op('N', '(', '0'));
    refuses("no mark", Pickle.begin().op('t'));
    refuses("not a list", Pickle.begin().op('N', 'N', 'a'));
    refuses("not a dict", Pickle.begin().op('N', 'N', 'N', 's'));
    refuses("not a dict", Pickle.begin().op('}', '(', 'N', 'u'));
    refuses("protocol is 9", new Pickle().op(0x80, 9));
    refuses("not UTF-8", Pickle.begin().op('U', 1, 0xFF));
    refuses("name is too long", Pickle.begin().raw("c" + "a".repeat(2000) + "\nx\n"));
    refuses("not a string", Pickle.begin().op('N', 'N', 0x93));
    refuses("an int has 2000 bytes", Pickle.begin().op(0x8b).int32(2000).raw("1".repeat(2000)));
  }

  @Test
  void readsWhatOtherProtocolsWrite() {
    assertEquals(-1L, load(Pickle.begin().op(0x8a, 1, 0xFF).stop()));
    assertEquals(0L, load(Pickle.begin().op(0x8a, 0).stop()));
    assertEquals(
        BigInteger.TWO.pow(64), load(Pickle.begin().op(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1).stop()));
    assertEquals(
        "h\u00e9",
        load(new Pickle().op(0x80, 4, 0x95).int64(2).op(0x8c, 3).op('h', 0xC3, 0xA9).stop()));
    assertEquals("abc", load(Pickle.begin().op(0x8d).int64(3).raw("abc").stop()));
    assertEquals("abc", load(Pickle.begin().op('T').int32(3).raw("abc").stop()));
    assertArrayEquals(new byte[] {1, 2}, (byte[]) load(Pickle.begin().op('C', 2, 1, 2).stop()));
    assertArrayEquals(
        new byte[] {1, 2}, (byte[]) load(Pickle.begin().op('B').int32(2).op(1, 2).stop()));
    assertArrayEquals(
        new byte[] {1, 2}, (byte[]) load(Pickle.begin().op(0x96).int64(2).op(1, 2).stop()));
    assertEquals(List.of(1L, 2L), load(Pickle.begin().op('(', 'K', 1, 'K', 2, 'l').stop()));
    assertEquals(Map.of(1L, true), load(Pickle.begin().op('(', 'K', 1, 0x88, 'd').stop()));
    assertEquals(
        List.of("a", "a"), load(Pickle.begin().text("a").op(0x94, 'j').int32(0).op(0x86).stop()));
    assertEquals(1L, load(Pickle.begin().op('K', 1, '(', 'N', 'N', '1').stop()));
    assertEquals(
        List.of(3L),
        load(Pickle.begin().global("torch", "Size").op('K', 3, 0x85, 0x85, 'R').stop()));
  }

  @ParameterizedTest
  @CsvSource({
    "b1, 01, true",
    "i1, ff, -1",
    "i2, feff, -2",
    "i4, 00000080, -2147483648",
    "i8, 0100000000000000, 1",
    "u1, ff, 255",
    "u2, ffff, 65535",
    "u4, ffffffff, 4294967295",
    "u8, 0500000000000000, 5",
    "u8, ffffffffffffffff, 18446744073709551615",
    "f2, 003c, 1.0",
    "f4, 0000c03f, 1.5",
    "f8, 000000000000e03f, 0.5",
  })
  void readsNumpyScalars(String code, String hex, String expected) {
    byte[] data = HexFormat.of().parseHex(hex);
    Pickle scalar = Pickle.begin().global("numpy.core.multiarray", "scalar");
    scalar.global("numpy", "dtype").text(code).op(0x85, 'R');
    scalar.op('(', 'K', 3).text("<").op('t', 'b', 'C', data.length);
    for (byte b : data) {
      scalar.op(b);
    }
    assertEquals(expected, load(scalar.op(0x86, 'R').stop()).toString());
    refuses(
        "has 0",
        Pickle.begin()
            .global("numpy.core.multiarray", "scalar")
            .global("numpy", "dtype")
            .text(code)
            .op(0x85, 'R', 'C', 0, 0x86, 'R'));
  }

  @Test
  void theStateOfAnOrderedDictIsIgnored() {
    Pickle dict = Pickle.begin().global("collections", "OrderedDict").op(')', 'R');
    assertEquals(Map.of(), load(dict.op('}').text("_metadata").op('N', 's', 'b').stop()));
  }
}
