package io.github.yolox4j.plan;

import io.github.yolox4j.model.Convolution;
import java.util.Optional;

/**
 * Winograd's minimal filtering F(4x4, 3x3): a convolution with stride 1 as 36 products of matrices
 * over tiles of 4x4 results, with a quarter of the multiplications. (Lavin and Gray, "Fast
 * Algorithms for Convolutional Neural Networks", 2015.)
 */
public final class Winograd {

  /** Side of a tile of results. */
  static final int TILE = 4;

  /** Side of the patch of the source that a tile is computed from. */
  static final int PATCH = 6;

  /** Points of a transformed patch. */
  static final int POINTS = PATCH * PATCH;

  private static final String MODULE = "jdk.incubator.vector";
  private static final int KERNEL = 3;
  private static final int LEAST_BITS = 256;

  private Winograd() {}

  /** Found out once; touches the vector classes only where they are. */
  private static final class Holder {
    static final Optional<String> ABSENCE = find();

    private static Optional<String> find() {
      if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
        return Optional.of("the JVM was started without --add-modules " + MODULE);
      }
      int bits = WinogradTransform.LANES * Float.SIZE;
      return bits < LEAST_BITS
          ? Optional.of("the processor's vectors have only %d bits".formatted(bits))
          : Optional.empty();
    }
  }

  /**
   * Tells why the method cannot be used.
   *
   * @return the reason; nothing where it can be used
   */
  public static Optional<String> absence() {
    return Holder.ABSENCE;
  }

  /** Whether a convolution can be computed so. */
  static boolean handles(Convolution convolution) {
    return absence().isEmpty()
        && convolution.kernel() == KERNEL
        && convolution.step() == 1
        && convolution.groups() == 1
        && convolution.inputChannels() % WinogradTransform.LANES == 0
        && convolution.outputChannels() % WinogradTransform.LANES == 0;
  }
}
