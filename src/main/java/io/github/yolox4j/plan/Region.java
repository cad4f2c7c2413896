package io.github.yolox4j.plan;

/**
 * Where a feature map lies: some neighbouring channels of a block.
 *
 * @param block the memory
 * @param first the first channel
 * @param channels the number of channels
 */
record Region(Block block, int first, int channels) {

  static Region whole(Block block) {
    return new Region(block, 0, block.channels());
  }

  /** Whether the map has the block to itself, as some primitives demand. */
  boolean dense() {
    return channels == block.channels();
  }

  Region part(int offset, int count) {
    return new Region(block, first + offset, count);
  }

  boolean followedBy(Region other) {
    return other.block.equals(block) && other.first == first + channels;
  }

  /** This and the region that follows it. */
  Region with(Region follower) {
    return new Region(block, first, channels + follower.channels);
  }
}
