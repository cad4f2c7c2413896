package io.github.yolox4j.weights;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightArrayTest {

  @TempDir Path folder;

  private static final float[] COUNT = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  private static WeightArray view(long offset, long[] shape, long[] strides) {
    return new WeightArray(
        WeightType.FLOAT32, MemorySegment.ofArray(COUNT), offset, shape, strides);
  }

  @Test
  void wrapsWithoutCopying() {
    float[] values = {1, 2, 3, 4, 5, 6};
    WeightArray array = WeightArray.of(values, 2, 3);
    values[0] = 7;
    assertArrayEquals(values, array.toFloats());
    assertArrayEquals(new long[] {3, 1}, array.strides());
    assertSame(array, array.contiguousCopy());
    assertEquals(24, array.data().byteSize());
    assertEquals("FLOAT32[2, 3]", array.toString());
    assertThrows(IllegalArgumentException.class, () -> WeightArray.of(values, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> WeightArray.of(values, 7));
    long huge = 1L << 62;
    assertThrows(IllegalArgumentException.class, () -> WeightArray.of(values, huge, huge));
  }

  @Test
  void gathersAnyView() {
    WeightArray rows = view(1, new long[] {2, 3}, new long[] {6, 1});
    assertFalse(rows.contiguous());
    assertArrayEquals(new float[] {1, 2, 3, 7, 8, 9}, rows.toFloats());
    WeightArray turned = view(0, new long[] {3, 2, 2}, new long[] {1, 6, 3});
    assertArrayEquals(new double[] {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}, turned.toDoubles());
    assertTrue(turned.contiguousCopy().contiguous());
    assertThrows(IllegalStateException.class, turned::data);
    WeightArray one = view(5, new long[] {}, new long[] {});
    assertArrayEquals(new float[] {5}, one.toFloats());
    WeightArray repeated = view(3, new long[] {2, 2}, new long[] {0, 1});
    assertArrayEquals(new float[] {3, 4, 3, 4}, repeated.toFloats());
    WeightArray single = view(0, new long[] {1, 4}, new long[] {99, 1});
    assertTrue(single.contiguous());
  }

  @Test
  void anEmptyArrayNeedsNoMemory() {
    WeightArray empty = view(12, new long[] {Long.MAX_VALUE, 0, 5}, new long[] {9, 9, 9});
    assertEquals(0, empty.elements());
    assertTrue(empty.contiguous());
    assertEquals(0, empty.toFloats().length);
  }

  @Test
  void refusesMoreElementsThanAJavaArrayHolds() throws IOException {
    Path sparse = folder.resolve("sparse");
    long elements = 1L << 31;
    try (FileChannel channel = FileChannel.open(sparse, CREATE_NEW, SPARSE, READ, WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, elements, arena);
      WeightArray huge = WeightArray.of(WeightType.INT8, memory, elements);
      assertThrows(YoloxException.class, huge::toFloats);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT16, 003c00c0, '1, -2'",
    "BFLOAT16, 803f00c0, '1, -2'",
    "INT16, 0100feff, '1, -2'",
    "INT8, 01fe, '1, -2'",
    "UINT8, 01fe, '1, 254'",
    "BOOL, 0007, '0, 1'",
    "INT32, 01000000feffffff, '1, -2'",
    "INT64, 0100000000000000feffffffffffffff, '1, -2'",
    "FLOAT32, 0000803f000000c0, '1, -2'",
    "FLOAT64, 000000000000f03f00000000000000c0, '1, -2'",
  })
  void convertsEveryType(WeightType type, String hex, String expected) {
    byte[] bytes = HexFormat.of().parseHex("ff" + hex);
    // odd addresses, as the older format has them
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(1);
    WeightArray array = WeightArray.of(type, data, 2);
    String[] values = expected.split(", ", -1);
    for (int i : IntStream.range(0, 2).toArray()) {
      assertEquals(Double.parseDouble(values[i]), array.toDoubles()[i]);
      assertEquals(Float.parseFloat(values[i]), array.toFloats()[i]);
    }
    assertEquals(type, WeightType.ofStorageClass(type.storageClass()).orElseThrow());
    assertEquals(type, WeightType.ofSafetensorsName(type.safetensorsName()).orElseThrow());
  }
}
