package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationTest {

  @ParameterizedTest
  @CsvSource({"-0.1, -0.1", "1.1, 1.1", "NaN, NaN", "Infinity, Infinity"})
  void probabilityOutOfRangeIsRefusedByName(double probability, String shown) {
    assertEquals(
        "'augmentation.mosaic-probability' is %s; expected a number from 0 to 1".formatted(shown),
        assertThrows(
                YoloxException.class,
                () ->
                    new Augmentation(
                        probability,
                        1,
                        RandomHsv.DEFAULT,
                        RandomFlip.DEFAULT,
                        RandomAffine.DEFAULT,
                        0.5,
                        1.5,
                        120,
                        EdgeBoxes.CUT))
            .getMessage());
    assertEquals(
        "'augmentation.flip-probability' is %s; expected a number from 0 to 1".formatted(shown),
        assertThrows(YoloxException.class, () -> new RandomFlip(probability)).getMessage());
  }

  @Test
  void scalesMustBeInOrder() {
    assertEquals(
        "'augmentation.max-scale' is 0.5; expected a number from 1 to 10",
        assertThrows(YoloxException.class, () -> new RandomAffine(10, 0.1, 1, 0.5, 2))
            .getMessage());
    assertThrows(YoloxException.class, () -> new RandomAffine(10, 0.1, 0, 1, 2));
  }
}
