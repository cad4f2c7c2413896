package io.github.yolox4j.ffi.torch;

/**
 * A version of libtorch's stable interface, which is also libtorch's own. Within one major version
 * functions are added and none is taken away.
 *
 * @param bits major, minor and patch number in the three highest bytes
 */
record AbiVersion(long bits) {

  /** The one that this package was written for. */
  static final AbiVersion OURS = new AbiVersion(0x020a_0000_0000_0000L);

  /** Whether a library of this version has what was written for another. */
  boolean serves(AbiVersion other) {
    return major() == other.major() && Long.compareUnsigned(bits, other.bits) >= 0;
  }

  private int major() {
    return (int) (bits >>> 56);
  }

  @Override
  public String toString() {
    return "%d.%d.%d".formatted(major(), bits >>> 48 & 0xff, bits >>> 40 & 0xff);
  }
}
