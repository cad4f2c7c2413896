package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @TempDir Path folder;

  private Path file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return Pickle.file(
        folder,
        "crafted.safetensors",
        ByteBuffer.allocate(8 + json.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array());
  }

  private static String refusal(Path file) {
    String message =
        assertThrows(YoloxException.class, () -> Weights.read(file).close()).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    return message;
  }

  @Test
  void readsWhatTheReferenceImplementationWrote() {
    try (Weights weights = Weights.read(Shared.golden("iou.safetensors"))) {
      WeightArray boxes = weights.arrays().get("cxcywh_a");
      assertEquals(WeightType.FLOAT32, boxes.dtype());
      assertEquals(4, boxes.shape()[1]);
      assertTrue(boxes.contiguous());
    }
  }

  @Test
  void readsInTheOrderOfTheHeader() {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\",\"a\":\"b\"},"
            + "\"z\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]},"
            + "\"empty\":{\"dtype\":\"F64\",\"shape\":[0,3],\"data_offsets\":[4,4]},"
            + "\"a\":{\"data_offsets\":[0,4],\"shape\":[],\"dtype\":\"I32\"}}  ";
    try (Weights weights = Weights.read(file(header, 12))) {
      assertEquals(List.of("z", "empty", "a"), List.copyOf(weights.arrays().keySet()));
      assertEquals(Map.of("format", "pt", "a", "b"), weights.metadata());
      assertEquals(0, weights.arrays().get("empty").elements());
      assertEquals(0, weights.arrays().get("a").shape().length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]}}|8|take 4 bytes, and 8 bytes follow",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]}}|4|take 8 bytes, and 4 bytes follow",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,4]}}|4|tensor a: shape [2]",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,8]}}|8|needs 4 bytes, and there are 8",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[4,8]}}|8|one that begins at 0 must follow",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[4,0]}}|4|begins at 0 must follow",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[-4,0]}}|4|begins at 0 must follow",
        "{`a`:{`dtype`:`F32`,`shape`:[-1],`data_offsets`:[0,4]}}|4|must not be negative",
        "{`a`:{`dtype`:`F32`,`shape`:[4294967296,4294967296],`data_offsets`:[0,0]}}|0|overflows",
        "{`a`:{`dtype`:`F8`,`shape`:[4],`data_offsets`:[0,4]}}|4|tensor a is of type F8",
        "{`a`:{`dtype`:`F32`,`shape`:[1]}}|0|needs dtype, shape and two data_offsets",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4,8]}}|4|needs dtype, shape and two",
        "{`a`:{`dtype`:`F32`,`shape`:[1.5],`data_offsets`:[0,4]}}|4|where VALUE_NUMBER_INT",
        "{`a`:{`dtype`:`F32`,`shape`:[99999999999999999999],`data_offsets`:[0,4]}}|4|not valid"
            + " JSON",
        "{`a`:{`dtype`:`F32`,`shape`:7}}|0|where START_ARRAY is expected",
        "{`a`:{`dtype`:7}}|0|where VALUE_STRING is expected",
        "{`a`:{`other`:7}}|0|unknown field other",
        "{`a`:[]}|0|where START_OBJECT is expected",
        "{`__metadata__`:{`a`:1}}|0|where VALUE_STRING is expected",
        "{`a`:{`dtype`:`F32`,`dtype`:`F32`}}|0|Duplicate field 'dtype'",
        "{} {}|0|something follows",
        "{`a|0|not valid JSON",
        "{`a`:{|0|not valid JSON",
      })
  void refusesWhatTheFormatForbids(String header, int dataBytes, String expected) {
    String message = refusal(file(header.replace('`', '"'), dataBytes));
    assertTrue(message.contains(expected), message);
  }

  @Test
  void refusesEndlessShapes() {
    String header = "{\"a\":{\"shape\":[%s1]}}".formatted("1,".repeat(64));
    assertTrue(refusal(file(header, 4)).contains("more than 64 numbers"));
  }

  @Test
  void refusesOverlapsAndDuplicates() {
    String tensor = "{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[%d,%d]}";
    String overlap =
        "{\"a\":%s,\"b\":%s}".formatted(tensor.formatted(0, 4), tensor.formatted(2, 6));
    assertTrue(refusal(file(overlap, 6)).contains("tensor b has data_offsets [2, 6]"));
    String twice = "{\"a\":%s,\"a\":%s}".formatted(tensor.formatted(0, 4), tensor.formatted(4, 8));
    assertTrue(refusal(file(twice, 8)).contains("Duplicate field 'a'"));
  }

  @Test
  void believesNoHeaderLength() {
    for (long length : new long[] {-1, Long.MAX_VALUE >> 8, 100_000_001}) {
      byte[] bytes =
          ByteBuffer.allocate(20)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(length)
              .put((byte) '{')
              .array();
      assertTrue(refusal(Pickle.file(folder, "long", bytes)).contains("at most 100000000"));
    }
    byte[] beyond =
        ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(13).put((byte) '{').array();
    assertTrue(refusal(Pickle.file(folder, "beyond", beyond)).contains("cut off"));
  }

  @Test
  void writesWhatItReads() throws IOException {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("flag", WeightArray.of(WeightType.BOOL, MemorySegment.ofArray(new byte[] {1})));
    arrays.put("float", WeightArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    arrays.put(
        "half", WeightArray.of(WeightType.FLOAT16, MemorySegment.ofArray(new short[] {9, 8}), 2));
    arrays.put("long", WeightArray.of(WeightType.INT64, MemorySegment.ofArray(new long[] {7})));
    arrays.put(
        "turned",
        new WeightArray(
            WeightType.FLOAT32,
            MemorySegment.ofArray(new float[] {1, 2, 3, 4}),
            0,
            new long[] {2, 2},
            new long[] {1, 2}));
    arrays.put("none", WeightArray.of(new float[0], 0, 4));
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, arrays, Map.of("format", "pt"));
    assertEquals(
        0, ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
    try (Weights read = Weights.read(file)) {
      assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.arrays().keySet()));
      assertEquals(Map.of("format", "pt"), read.metadata());
      assertEquals(file.toString(), read.source());
      read.arrays()
          .forEach(
              (key, array) -> {
                assertEquals(arrays.get(key).dtype(), array.dtype(), key);
                assertArrayEquals(arrays.get(key).shape(), array.shape(), key);
                assertArrayEquals(arrays.get(key).toDoubles(), array.toDoubles(), key);
                if (array.elements() > 0) {
                  assertEquals(0, array.data().address() % array.dtype().bytes(), key);
                }
              });
    }
  }

  @Test
  void refusesATensorCalledMetadata() {
    Map<String, WeightArray> arrays = Map.of("__metadata__", WeightArray.of(new float[1], 1));
    Path file = folder.resolve("a.safetensors");
    assertThrows(YoloxException.class, () -> SafetensorsWriter.write(file, arrays, Map.of()));
    assertTrue(Files.notExists(file));
  }

  @Test
  void damageGivesASentenceOrOtherValues() throws IOException {
    Path good = folder.resolve("good.safetensors");
    SafetensorsWriter.write(
        good,
        Map.of("a", WeightArray.of(new float[] {1, 2, 3}, 3), "b", WeightArray.of(new float[1])),
        Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(good);
    for (int length = 0; length < bytes.length; length++) {
      refusal(Pickle.file(folder, "cut", Arrays.copyOf(bytes, length)));
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2000; i++) {
      byte[] flipped = bytes.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      try (Weights weights = Weights.read(Pickle.file(folder, "flipped", flipped))) {
        weights.arrays().values().forEach(WeightArray::toFloats);
      } catch (YoloxException e) {
        assertTrue(e.getMessage().contains("flipped: "), e.getMessage());
      }
    }
  }
}
