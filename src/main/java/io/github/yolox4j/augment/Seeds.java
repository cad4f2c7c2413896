package io.github.yolox4j.augment;

/** Makes independent seeds of one. */
final class Seeds {

  private Seeds() {}

  /** A seed for two numbers; neighbouring numbers give unrelated seeds. */
  static long mix(long seed, long first, long second) {
    return scramble(scramble(scramble(seed) + first) + second);
  }

  /** A bijection in which every bit of the input changes half of the output's. */
  private static long scramble(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
