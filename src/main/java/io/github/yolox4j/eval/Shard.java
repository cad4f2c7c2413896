package io.github.yolox4j.eval;

/**
 * Every so manieth image, from a first one on: a process's share of an evaluation.
 *
 * @param first the first image, 0 to count - 1
 * @param count how many shares there are, at least 1
 */
public record Shard(int first, int count) {

  /** All images. */
  public static final Shard ALL = new Shard(0, 1);

  /** Checks the numbers. */
  public Shard {
    if (count < 1 || first < 0 || first >= count) {
      throw new IllegalArgumentException("share %d of %d".formatted(first, count));
    }
  }
}
