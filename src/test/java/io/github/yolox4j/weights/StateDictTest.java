package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDictTest {

  private static final WeightArray ONE = WeightArray.of(new float[] {1}, 1);
  private static final WeightArray TWO = WeightArray.of(new float[] {2}, 1);

  @TempDir Path folder;

  private Set<String> keys(Map<String, ?> root) {
    Path file = folder.resolve("a.pth");
    PthWriter.write(file, root);
    try (Weights weights = Weights.read(file);
        Checkpoint checkpoint = Checkpoint.read(file)) {
      assertEquals(weights.arrays().keySet(), checkpoint.stateDict().keySet());
      assertEquals(weights.source(), checkpoint.source());
      assertEquals(Map.of(), weights.metadata());
      return weights.arrays().keySet();
    }
  }

  private String refusal(Map<String, ?> root) {
    return assertThrows(YoloxException.class, () -> keys(root)).getMessage();
  }

  @Test
  void isFoundUnderItsUsualKeysOrAtTheRoot() {
    assertEquals(Set.of("a"), keys(Map.of("model", Map.of("a", ONE), "ema", Map.of("b", TWO))));
    assertEquals(Set.of("b"), keys(Map.of("state_dict", Map.of("b", ONE), "epoch", 3)));
    assertEquals(Set.of("b"), keys(Map.of("model", "yolox", "state_dict", Map.of("b", ONE))));
    assertEquals(Set.of("c"), keys(Map.of("c", ONE)));
  }

  @Test
  void losesThePrefixOfDataParallelOnlyWhereEveryKeyHasIt() {
    assertEquals(Set.of("a", "b"), keys(Map.of("module.a", ONE, "module.b", TWO)));
    assertEquals(Set.of("module.a", "b"), keys(Map.of("module.a", ONE, "b", TWO)));
  }

  @Test
  void itsAbsenceIsToldWithWhatThereIs() {
    assertTrue(refusal(Map.of("epoch", 3)).endsWith("found 'epoch'"));
    assertTrue(refusal(Map.of()).endsWith("found an empty dict"));
    assertTrue(
        refusal(Map.of("model", Map.of("a", 1))).contains("'model' is not a dict of tensors"));
    assertTrue(refusal(Map.of("model", Map.of())).contains("'model' is not a dict of tensors"));
    Map<String, Integer> many = new LinkedHashMap<>();
    for (int i = 0; i < 30; i++) {
      many.put("k" + i, i);
    }
    assertTrue(refusal(many).endsWith("'k19', ..."));
    Path list = Pickle.checkpoint(folder, Pickle.begin().op(']').stop());
    assertTrue(
        assertThrows(YoloxException.class, () -> Weights.read(list).close())
            .getMessage()
            .endsWith("it holds no dict, so no state dict"));
  }

  @Test
  void keepsItsOrder() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      arrays.put("key" + (i * 7919) % 300, ONE);
    }
    assertEquals(List.copyOf(arrays.keySet()), List.copyOf(keys(arrays)));
  }
}
