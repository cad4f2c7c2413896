package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import java.util.SplittableRandom;

/**
 * An endless shuffled order of a data set's images, of which each rank takes every world-th. Each
 * pass is a permutation of its own that depends on the seed and the pass's number alone, so any
 * position can be asked for: there is no state to save. Safe for use by many threads.
 */
public final class Sampler {

  /**
   * A position's image.
   *
   * @param pass how often the data set has been gone through before, from 0
   * @param image an index from 0 to the number of images - 1
   */
  public record Pick(long pass, int image) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Permutation(long pass, int[] images) {}

  private final int images;
  private final long seed;
  private final int rank;
  private final int world;
  private volatile Permutation latest = new Permutation(-1, new int[0]);

  /**
   * Makes the order for one process of several.
   *
   * @param images how many images there are, at least 1
   * @param seed the same on all ranks
   * @param rank which process this is, 0 to world - 1
   * @param world how many processes there are, at least 1
   * @throws YoloxException if a number is out of its range
   */
  public Sampler(int images, long seed, int rank, int world) {
    if (images < 1) {
      throw new YoloxException("The data set has no images to train on");
    }
    if (world < 1 || rank < 0 || rank >= world) {
      throw new YoloxException(
          "The rank is %d of %d; expected 0 to one less than the number of processes"
              .formatted(rank, world));
    }
    this.images = images;
    this.seed = seed;
    this.rank = rank;
    this.world = world;
  }

  /**
   * {@return the image at a position of this rank's order, and its pass; within a pass every image
   * comes once over all ranks}
   *
   * @param position at least 0
   */
  public Pick at(long position) {
    long overall = Math.addExact(Math.multiplyExact(position, world), rank);
    long pass = overall / images;
    Permutation permutation = latest;
    if (permutation.pass != pass) {
      permutation = new Permutation(pass, shuffled(pass));
      latest = permutation;
    }
    return new Pick(pass, permutation.images[(int) (overall % images)]);
  }

  int images() {
    return images;
  }

  private int[] shuffled(long pass) {
    SplittableRandom random = new SplittableRandom(RandomSource.seed(seed, pass, -1));
    int[] order = new int[images];
    for (int i = 0; i < images; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
