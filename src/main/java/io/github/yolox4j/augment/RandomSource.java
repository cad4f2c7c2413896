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
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed, pass, image));
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
}
