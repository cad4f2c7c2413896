package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PthWriterTest {

  @TempDir Path folder;

  @Test
  void plainValuesComeBackAsTheyWere() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("int", 7);
    root.put("negative", -3L);
    root.put("big", 1L << 40);
    root.put("least", Long.MIN_VALUE);
    root.put("huge", BigInteger.TWO.pow(100).negate());
    root.put("float", 0.25f);
    root.put("double", Math.PI);
    root.put("text", "h\u00e9llo \ud83d\ude00");
    root.put("none", null);
    root.put("flags", List.of(true, false));
    root.put("empty", Map.of());
    root.put("numbered", Map.of(5, "five"));
    Path file = folder.resolve("plain.pth");
    PthWriter.write(file, root);
    try (Checkpoint checkpoint = Checkpoint.read(file)) {
      Map<?, ?> read = (Map<?, ?>) checkpoint.root();
      assertEquals(List.copyOf(root.keySet()), List.copyOf(read.keySet()));
      assertEquals(7L, read.get("int"));
      assertEquals(-3L, read.get("negative"));
      assertEquals(1L << 40, read.get("big"));
      assertEquals(Long.MIN_VALUE, read.get("least"));
      assertEquals(BigInteger.TWO.pow(100).negate(), read.get("huge"));
      assertEquals(0.25, read.get("float"));
      assertEquals(Math.PI, read.get("double"));
      assertEquals("h\u00e9llo \ud83d\ude00", read.get("text"));
      assertNull(read.get("none"));
      assertEquals(List.of(true, false), read.get("flags"));
      assertEquals(Map.of(), read.get("empty"));
      assertEquals(Map.of(5L, "five"), read.get("numbered"));
    }
  }

  @Test
  void aModelComesBackBitForBit() {
    Path file = folder.resolve("copy.pth");
    try (Weights original = Weights.read(Shared.data("weights/yolox_nano_coco.pth"))) {
      PthWriter.write(file, Map.of("model", original.arrays()));
      try (Weights copy = Weights.read(file)) {
        assertSame(original.arrays(), copy.arrays());
      }
    }
  }

  @Test
  void viewsAndTypesComeBackAsTheyWere() {
    Path file = folder.resolve("odd.pth");
    try (Checkpoint original = Checkpoint.read(Shared.data("weights/odd.pth"))) {
      Map<?, ?> nested = (Map<?, ?>) ((Map<?, ?>) original.root()).get("nested");
      PthWriter.write(file, Map.of("nested", nested));
      try (Checkpoint copy = Checkpoint.read(file)) {
        Map<?, ?> copied = (Map<?, ?>) ((Map<?, ?>) copy.root()).get("nested");
        assertSame((Map<?, ?>) nested.get("model"), (Map<?, ?>) copied.get("model"));
        Map<?, ?> tensors = (Map<?, ?>) copied.get("model");
        assertEquals(
            ((WeightArray) tensors.get("transposed")).storage(),
            ((WeightArray) tensors.get("view_a")).storage());
      }
    }
  }

  private static void assertSame(Map<?, ?> expected, Map<?, ?> found) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(found.keySet()));
    expected.forEach(
        (key, value) -> {
          WeightArray before = (WeightArray) value;
          WeightArray after = (WeightArray) found.get(key);
          assertEquals(before.dtype(), after.dtype());
          assertArrayEquals(before.shape(), after.shape());
          assertArrayEquals(before.strides(), after.strides());
          assertEquals(before.offset(), after.offset());
          assertEquals(-1, before.storage().mismatch(after.storage()), key.toString());
        });
  }

  @Test
  void namesOnlyTheGlobalsThatSafeLoadingAllows() throws IOException {
    Path file = folder.resolve("a.pth");
    WeightArray count = WeightArray.of(WeightType.INT64, MemorySegment.ofArray(new long[] {3}));
    PthWriter.write(
        file,
        Map.of("model", Map.of("w", WeightArray.of(new float[4], 2, 2), "n", count), "epoch", 3));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(
          List.of("data.pkl", "byteorder", "data/0", "data/1", "version"),
          zip.stream().map(ZipEntry::getName).map(name -> name.replace("archive/", "")).toList());
      String pickle =
          new String(
              zip.getInputStream(zip.getEntry("archive/data.pkl")).readAllBytes(),
              StandardCharsets.ISO_8859_1);
      Set<String> globals = new TreeSet<>();
      Pattern.compile("c([a-z._]+)\n(\\w+)\n")
          .matcher(pickle)
          .results()
          .forEach(match -> globals.add(match.group(1) + "." + match.group(2)));
      assertEquals(
          Set.of(
              "collections.OrderedDict",
              "torch._utils._rebuild_tensor_v2",
              "torch.FloatStorage",
              "torch.LongStorage"),
          globals);
      assertEquals(4, pickle.chars().filter(c -> c == '\n').count() / 2);
    }
  }

  @Test
  void theSameContentGivesTheSameFile() throws IOException {
    Map<String, ?> root = Map.of("model", Map.of("w", WeightArray.of(new float[] {1, 2}, 2)));
    PthWriter.write(folder.resolve("a.pth"), root);
    PthWriter.write(folder.resolve("b.pth"), root);
    assertEquals(-1, Files.mismatch(folder.resolve("a.pth"), folder.resolve("b.pth")));
  }

  @Test
  void refusesWhatHasNoPlainForm() {
    List<Object> cyclic = new ArrayList<>();
    cyclic.add(cyclic);
    byte[] huge = new byte[300];
    Arrays.fill(huge, (byte) 1);
    for (Object value : List.of(Path.of("x"), cyclic, new BigInteger(huge), Map.of(1.5, "key"))) {
      Path file = folder.resolve("a.pth");
      assertThrows(YoloxException.class, () -> PthWriter.write(file, Map.of("v", value)));
      assertTrue(Files.notExists(file));
    }
  }
}
