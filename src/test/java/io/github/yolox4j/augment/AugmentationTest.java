package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
  void probabilityOutOfRangeIsRefusedByName(double probability) {
    assertEquals(
        "'augmentation.mosaic-probability' is %s; expected a number from 0.0 to 1.0"
            .formatted(probability),
        assertThrows(
                YoloxException.class, () -> Augmentation.DEFAULT.withMosaicProbability(probability))
            .getMessage());
  }

  @Test
  void scalesMustBeInOrder() {
    assertEquals(
        "'augmentation.max-scale' is 0.5; expected a number from 1.0 to 10.0",
        assertThrows(YoloxException.class, () -> Augmentation.DEFAULT.withScale(1, 0.5))
            .getMessage());
    assertThrows(YoloxException.class, () -> Augmentation.DEFAULT.withScale(0, 1));
  }

  @Test
  void smallModelsHaveNoMixup() {
    assertEquals(0, Augmentation.TINY.mixupProbability());
    assertEquals(0, Augmentation.NANO.mixupProbability());
    assertEquals(0.5, Augmentation.NANO.mosaicProbability());
    assertEquals(0.5, Augmentation.NANO.minScale());
    assertEquals(1.5, Augmentation.NANO.maxScale());
  }
}
