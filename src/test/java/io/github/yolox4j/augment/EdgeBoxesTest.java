package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.data.BoundingBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeBoxesTest {

  private static final int WIDTH = 100;
  private static final int HEIGHT = 80;

  @ParameterizedTest
  @CsvSource({
    // x, y, w, h, then cut and moved as x1, y1, x2, y2
    "10,20,30,40, 10,20,40,60, 10,20,40,60",
    "-10,20,30,40, 0,20,20,60, 0,20,30,60",
    "10,-15,30,40, 10,0,40,25, 10,0,40,40",
    "90,70,30,40, 90,70,100,80, 90,70,100,80",
    "-5,-5,200,200, 0,0,100,80, 0,0,100,80",
  })
  void boxThatReachesOutIsCutOrMoved(
      double x,
      double y,
      double width,
      double height,
      double cutX1,
      double cutY1,
      double cutX2,
      double cutY2,
      double movedX1,
      double movedY1,
      double movedX2,
      double movedY2) {
    BoundingBox box = new BoundingBox(x, y, width, height);
    for (EdgeBoxes rule : EdgeBoxes.values()) {
      assertTrue(rule.keeps(box, WIDTH, HEIGHT));
    }
    assertEquals(
        new Box(cutX1, cutY1, cutX2, cutY2, 3), EdgeBoxes.CUT.within(box, WIDTH, HEIGHT, 3));
    assertEquals(
        new Box(movedX1, movedY1, movedX2, movedY2, 3),
        EdgeBoxes.MOVE.within(box, WIDTH, HEIGHT, 3));
  }

  @Test
  void whatLiesBesideThePictureIsNotKept() {
    BoundingBox right = new BoundingBox(101, 10, 20, 20);
    assertFalse(EdgeBoxes.CUT.keeps(right, WIDTH, HEIGHT));
    assertFalse(EdgeBoxes.MOVE.keeps(right, WIDTH, HEIGHT));
  }

  /**
   * As the official releases have it, which ask only whether the right edge lies after the left.
   */
  @Test
  void whatLiesLeftOfThePictureIsMovedIntoIt() {
    BoundingBox left = new BoundingBox(-50, 10, 20, 20);
    assertFalse(EdgeBoxes.CUT.keeps(left, WIDTH, HEIGHT));
    assertTrue(EdgeBoxes.MOVE.keeps(left, WIDTH, HEIGHT));
    assertEquals(new Box(0, 10, 20, 30, 0), EdgeBoxes.MOVE.within(left, WIDTH, HEIGHT, 0));
  }
}
