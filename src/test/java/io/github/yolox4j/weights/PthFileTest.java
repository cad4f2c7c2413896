package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads real checkpoints in both formats of torch.save. */
class PthFileTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"weights/odd.pth", "weights/odd_oldformat.pth"})
  void readsEveryKindOfValueAndTensor(String name) throws Exception {
    JsonNode expected = JSON.readTree(Shared.data("weights/odd.json").toFile());
    try (Checkpoint checkpoint = Checkpoint.read(Shared.data(name))) {
      Map<?, ?> root = assertInstanceOf(Map.class, checkpoint.root());
      for (Map.Entry<String, JsonNode> plain : expected.get("plain").properties()) {
        assertTrue(root.containsKey(plain.getKey()), plain.getKey());
        assertEquals(value(plain.getValue()), root.get(plain.getKey()), plain.getKey());
      }
      assertEquals(expected.get("plain").size() + 1, root.size());
      Map<?, ?> tensors = (Map<?, ?>) ((Map<?, ?>) root.get("nested")).get("model");
      List<String> names = new ArrayList<>();
      expected.get("tensors").fieldNames().forEachRemaining(names::add);
      assertEquals(names, List.copyOf(tensors.keySet()));
      for (String key : names) {
        check(expected.get("tensors").get(key), (WeightArray) tensors.get(key), key);
      }
    }
  }

  private static void check(JsonNode expected, WeightArray array, String key) {
    assertEquals(
        expected.get("dtype").asText().toUpperCase(Locale.ROOT), array.dtype().name(), key);
    assertArrayEquals(JSON.convertValue(expected.get("shape"), long[].class), array.shape(), key);
    assertArrayEquals(
        JSON.convertValue(expected.get("stride"), long[].class), array.strides(), key);
    double[] values = JSON.convertValue(expected.get("values"), double[].class);
    assertArrayEquals(values, array.toDoubles(), key);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    assertArrayEquals(floats, array.toFloats(), key);
    assertTrue(array.contiguousCopy().contiguous(), key);
  }

  /** A JSON value as the reader gives it. */
  private static Object value(JsonNode node) {
    if (node.isArray()) {
      List<Object> values = new ArrayList<>();
      node.forEach(element -> values.add(value(element)));
      return values;
    }
    return node.isIntegralNumber() ? (Object) node.asLong() : JSON.convertValue(node, Object.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights/odd.pth", "weights/odd_oldformat.pth"})
  void viewsOfOneStorageShareItsMemory(String name) {
    try (Checkpoint checkpoint = Checkpoint.read(Shared.data(name))) {
      Map<?, ?> nested = (Map<?, ?>) ((Map<?, ?>) checkpoint.root()).get("nested");
      Map<?, ?> tensors = (Map<?, ?>) nested.get("model");
      WeightArray transposed = (WeightArray) tensors.get("transposed");
      WeightArray row = (WeightArray) tensors.get("view_a");
      assertEquals(transposed.storage(), row.storage());
      assertEquals(6, row.offset());
      assertNotEquals(transposed.storage(), ((WeightArray) tensors.get("f32")).storage());
      assertFalse(transposed.contiguous());
      assertTrue(row.contiguous());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights/yolox_nano_coco.pth", "weights/yolox_nano_coco_oldformat.pth"})
  void findsTheStateDictInTheOrderOfTheModel(String name) throws Exception {
    JsonNode expected = JSON.readTree(Shared.golden("state_dict_nano.json").toFile());
    try (Weights weights = Weights.read(Shared.data(name))) {
      List<String> found = new ArrayList<>();
      weights.arrays().forEach((key, array) -> found.add(key + shape(array)));
      List<String> wanted = new ArrayList<>();
      for (JsonNode entry : expected) {
        wanted.add(
            entry.get(0).asText() + Arrays.toString(JSON.convertValue(entry.get(1), long[].class)));
      }
      assertEquals(wanted, found);
    }
  }

  private static String shape(WeightArray array) {
    return Arrays.toString(array.shape());
  }

  @Test
  void bothFormatsHoldTheSameWeights() {
    try (Weights zip = Weights.read(Shared.data("weights/yolox_nano_coco.pth"));
        Weights legacy = Weights.read(Shared.data("weights/yolox_nano_coco_oldformat.pth"))) {
      assertEquals(List.copyOf(zip.arrays().keySet()), List.copyOf(legacy.arrays().keySet()));
      zip.arrays()
          .forEach(
              (key, array) ->
                  assertArrayEquals(array.toFloats(), legacy.arrays().get(key).toFloats(), key));
    }
  }

  @Test
  void namesTheKeysFoundWhenThereIsNoStateDict() {
    Path odd = Shared.data("weights/odd.pth");
    YoloxException e = assertThrows(YoloxException.class, () -> Weights.read(odd).close());
    assertTrue(e.getMessage().contains("'epoch', 'best', 'arr'"), e.getMessage());
  }

  @Test
  void arraysCannotBeReadAfterClosing() {
    Weights weights = Weights.read(Shared.data("weights/yolox_nano_coco.pth"));
    WeightArray first = weights.arrays().values().iterator().next();
    weights.close();
    assertThrows(IllegalStateException.class, first::toFloats);
  }
}
