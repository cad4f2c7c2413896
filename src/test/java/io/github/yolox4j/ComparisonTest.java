package io.github.yolox4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void nothingComparedIsNotPassed() {
    Comparison comparison = new Comparison();
    assertFalse(comparison.passed());
    AssertionError e = assertThrows(AssertionError.class, comparison::assertPassed);
    assertTrue(e.getMessage().contains("nothing was compared"), e.getMessage());
  }

  @Test
  void worstDecidesAndIsTold() {
    Comparison comparison = new Comparison();
    comparison.add("a", 1, 1.05, 0.1);
    comparison.addAll("b", new double[] {0, 10, 4}, new double[] {0, 10, 4.2}, 0.1);
    assertTrue(comparison.passed());
    assertEquals(0.5, comparison.worst(), 1e-12);
    comparison.add("c", 2, 3, 0.5);
    assertFalse(comparison.passed());
    assertEquals("c is 3.00000 instead of 2.00000, off by 1.0 of 0.50 allowed", comparison.where());
    AssertionError e = assertThrows(AssertionError.class, comparison::assertPassed);
    assertTrue(e.getMessage().contains(comparison.where()), e.getMessage());
  }

  @Test
  void numberThatIsNoneIsOffByAnything() {
    Comparison comparison = new Comparison();
    comparison.add("a", 1, Double.NaN, 1e9);
    assertFalse(comparison.passed());
  }

  @Test
  void otherNumberOfElementsIsAFailure() {
    Comparison comparison = new Comparison();
    comparison.addAll("a", new double[2], new double[3], 1);
    assertFalse(comparison.passed());
  }

  @Test
  void differenceWithoutToleranceIsAFailure() {
    Comparison comparison = new Comparison();
    comparison.add("a", 1, 1, 0);
    assertTrue(comparison.passed());
    comparison.add("a", 1, Math.nextUp(1.0), 0);
    assertFalse(comparison.passed());
  }
}
