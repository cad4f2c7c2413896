package io.github.yolox4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;

/** Compares numbers with what they should be, and keeps the one that is farthest off. */
public final class Comparison {

  private long count;
  private double worst; // 1 is the most that is allowed
  private String where = "none is off";

  /** Begins with nothing compared. */
  public Comparison() {}

  /**
   * Compares a number.
   *
   * @param what it is
   * @param expected what it should be
   * @param found what it is
   * @param tolerance how far it may be off, at least 0
   */
  public void add(String what, double expected, double found, double tolerance) {
    count++;
    if (farther(expected, found, tolerance)) {
      where = says(what, expected, found, tolerance);
    }
  }

  /** Whether a number is farther off than all before. */
  private boolean farther(double expected, double found, double tolerance) {
    double difference = Math.abs(expected - found);
    double share = difference == 0 ? 0 : difference / tolerance;
    if (share <= worst) {
      return false;
    }
    worst = Double.isNaN(share) ? Double.POSITIVE_INFINITY : share; // a NaN is off by anything
    return true;
  }

  private static String says(String what, double expected, double found, double tolerance) {
    return String.format(
        Locale.ROOT,
        "%s is %.6g instead of %.6g, off by %.2g of %.2g allowed",
        what,
        found,
        expected,
        Math.abs(expected - found),
        tolerance);
  }

  /**
   * Compares the elements of a tensor.
   *
   * @param what it is
   * @param expected what they should be
   * @param found what they are
   * @param tolerance how far they may be off, as a share of the largest expected one
   */
  public void addAll(String what, double[] expected, double[] found, double tolerance) {
    if (expected.length != found.length) {
      add(what + "'s number of elements", expected.length, found.length, 0);
      return;
    }
    double largest = Double.MIN_NORMAL;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    count += expected.length;
    for (int i = 0; i < expected.length; i++) {
      if (farther(expected[i], found[i], tolerance * largest)) {
        where = says("%s[%d]".formatted(what, i), expected[i], found[i], tolerance * largest);
      }
    }
  }

  /** Whether something was compared and nothing was too far off. */
  boolean passed() {
    return count > 0 && worst <= 1;
  }

  /** How far off the worst is, as a share of what is allowed. */
  double worst() {
    return worst;
  }

  /** What is farthest off, in one sentence. */
  String where() {
    return where;
  }

  /** Fails with the worst unless something was compared and everything is near enough. */
  public void assertPassed() {
    assertTrue(passed(), () -> count == 0 ? "nothing was compared" : where);
  }
}
