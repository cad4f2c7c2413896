package io.github.yolox4j.augment;

import java.util.SplittableRandom;

/** Random numbers for one sample. */
interface RandomSource {

  /** A number from low to high. */
  double uniform(double low, double high);

  /** A whole number from low to high, both inclusive. */
  int integer(int low, int high);

  /** The numbers of an image in a pass over the data; the same for the same arguments. */
  static RandomSource of(long seed, long pass, int image) {
    SplittableRandom random = new SplittableRandom(seed(seed, pass, image));
    return new RandomSource() {
      @Override
      public double uniform(double low, double high) {
        return low + (high - low) * random.nextDouble();
      }

      @Override
      public int integer(int low, int high) {
        return random.nextInt(low, high + 1);
      }
    };
  }

  /** A seed made of a seed and two numbers; neighbouring numbers give unrelated seeds. */
  static long seed(long seed, long first, long second) {
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
