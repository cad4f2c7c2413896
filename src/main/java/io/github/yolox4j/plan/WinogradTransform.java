package io.github.yolox4j.plan;

import io.github.yolox4j.model.Activation;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of Winograd's method on the processor's vectors, a vector of channels at a time.
 * Offsets and steps are in bytes.
 */
final class WinogradTransform {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
  private static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int HALF_BITS = 16;
  private static final int BELOW_HALF = 0x7fff;

  /** Channels of a vector. */
  static final int LANES = SPECIES.length();

  private static final long VECTOR = SPECIES.vectorByteSize();
  private static final long PATCH_ROW = Winograd.PATCH * VECTOR;

  /** From a row of a tile to the next. */
  static final long TILE_ROW = Winograd.TILE * VECTOR;

  /** What {@link #output} and {@link #input} need for themselves. */
  static final long SCRATCH_BYTES = Winograd.POINTS * VECTOR;

  /** Bytes of a tile of results, [row, column, lane]. */
  static final long TILE_BYTES = Winograd.TILE * TILE_ROW;

  private WinogradTransform() {}

  /**
   * Transforms a patch of the source: B^T d B.
   *
   * @param memory where everything lies
   * @param patch the patch's top left pixel
   * @param row from a pixel to the one below
   * @param pixel from a pixel to the one to its right
   * @param channels a multiple of {@link #LANES}
   * @param scratch {@link #SCRATCH_BYTES}
   * @param points where the first point of the result goes
   * @param point from a point to the next
   */
  static void input(
      MemorySegment memory,
      long patch,
      long row,
      long pixel,
      int channels,
      long scratch,
      long points,
      long point) {
    for (long channel = 0; channel < 4L * channels; channel += VECTOR) {
      for (int column = 0; column < Winograd.PATCH; column++) {
        spread(memory, patch + column * pixel + channel, row, scratch + column * VECTOR, PATCH_ROW);
      }
      for (int i = 0; i < Winograd.PATCH; i++) {
        spread(
            memory,
            scratch + i * PATCH_ROW,
            VECTOR,
            points + channel + i * (Winograd.PATCH * point),
            point);
      }
    }
  }

  /** Six vectors times B^T. */
  private static void spread(MemorySegment memory, long from, long step, long to, long targetStep) {
    FloatVector d0 = load(memory, from);
    FloatVector d1 = load(memory, from + step);
    FloatVector d2 = load(memory, from + 2 * step);
    FloatVector d3 = load(memory, from + 3 * step);
    FloatVector d4 = load(memory, from + 4 * step);
    FloatVector d5 = load(memory, from + 5 * step);
    FloatVector minus4 = FloatVector.broadcast(SPECIES, -4f);
    FloatVector minus5 = FloatVector.broadcast(SPECIES, -5f);
    FloatVector even = d2.fma(minus4, d4);
    FloatVector odd = d1.fma(minus4, d3);
    FloatVector slowEven = d4.sub(d2);
    FloatVector slowOdd = d3.sub(d1);
    slowOdd = slowOdd.add(slowOdd);
    store(d0.fma(FloatVector.broadcast(SPECIES, 4f), d2.fma(minus5, d4)), memory, to);
    store(even.add(odd), memory, to + targetStep);
    store(even.sub(odd), memory, to + 2 * targetStep);
    store(slowEven.add(slowOdd), memory, to + 3 * targetStep);
    store(slowEven.sub(slowOdd), memory, to + 4 * targetStep);
    store(
        d1.fma(FloatVector.broadcast(SPECIES, 4f), d3.fma(minus5, d5)),
        memory,
        to + 5 * targetStep);
  }

  /**
   * Transforms the products of a tile for one vector of channels: A^T m A.
   *
   * @param memory where everything lies
   * @param points the first point's product for these channels
   * @param point from a point to the next
   * @param scratch {@link #SCRATCH_BYTES}
   * @param tile where the results go, {@link #TILE_BYTES}
   */
  static void output(MemorySegment memory, long points, long point, long scratch, long tile) {
    for (int column = 0; column < Winograd.PATCH; column++) {
      collect(
          memory,
          points + column * point,
          Winograd.PATCH * point,
          scratch + column * VECTOR,
          PATCH_ROW);
    }
    for (int row = 0; row < Winograd.TILE; row++) {
      collect(memory, scratch + row * PATCH_ROW, VECTOR, tile + row * TILE_ROW, VECTOR);
    }
  }

  /** A^T times six vectors. */
  private static void collect(
      MemorySegment memory, long from, long step, long to, long targetStep) {
    FloatVector m0 = load(memory, from);
    FloatVector m1 = load(memory, from + step);
    FloatVector m2 = load(memory, from + 2 * step);
    FloatVector m3 = load(memory, from + 3 * step);
    FloatVector m4 = load(memory, from + 4 * step);
    FloatVector m5 = load(memory, from + 5 * step);
    FloatVector sum = m1.add(m2);
    FloatVector difference = m1.sub(m2);
    FloatVector slowSum = m3.add(m4);
    FloatVector slowDifference = m3.sub(m4);
    store(m0.add(sum).add(slowSum), memory, to);
    store(slowDifference.fma(broadcast(2f), difference), memory, to + targetStep);
    store(slowSum.fma(broadcast(4f), sum), memory, to + 2 * targetStep);
    store(slowDifference.fma(broadcast(8f), difference).add(m5), memory, to + 3 * targetStep);
  }

  /**
   * Adds the bias to a tile's results and applies the activation, in place.
   *
   * @param memory where the tile lies
   * @param tile the results
   * @param bias the channels' biases
   * @param biasAt where the first of these channels' is
   * @param activation the activation
   */
  static void activate(
      MemorySegment memory, long tile, MemorySegment bias, long biasAt, Activation activation) {
    FloatVector shift = load(bias, biasAt);
    for (long at = tile; at < tile + TILE_BYTES; at += VECTOR) {
      store(activate(load(memory, at).add(shift), activation), memory, at);
    }
  }

  /**
   * Writes a row of a tile's results to their pixels.
   *
   * @param memory where everything lies
   * @param results the first of the row's results
   * @param columns how many of them lie in the map
   * @param target the first pixel's first of these channels
   * @param pixel from a pixel to the next
   * @param accumulates whether they are added to what is there
   */
  static void write(
      MemorySegment memory,
      long results,
      int columns,
      long target,
      long pixel,
      boolean accumulates) {
    for (int x = 0; x < columns; x++) {
      FloatVector result = load(memory, results + x * VECTOR);
      long to = target + x * pixel;
      store(accumulates ? result.add(load(memory, to)) : result, memory, to);
    }
  }

  /**
   * As {@link #write}, to pixels of bfloat16.
   *
   * @param memory where everything lies
   * @param results the first of the row's results
   * @param columns how many of them lie in the map
   * @param target the first pixel's first of these channels
   * @param pixel from a pixel to the next
   * @param accumulates whether they are added to what is there
   */
  static void writeHalf(
      MemorySegment memory,
      long results,
      int columns,
      long target,
      long pixel,
      boolean accumulates) {
    for (int x = 0; x < columns; x++) {
      FloatVector result = load(memory, results + x * VECTOR);
      long to = target + x * pixel;
      storeHalf(accumulates ? result.add(loadHalf(memory, to)) : result, memory, to);
    }
  }

  /**
   * Converts bfloat16 to floats.
   *
   * @param memory where both lie
   * @param from the first value
   * @param to where the first float goes
   * @param channels how many, a multiple of {@link #LANES}
   */
  static void widen(MemorySegment memory, long from, long to, int channels) {
    for (int channel = 0; channel < channels; channel += LANES) {
      store(
          loadHalf(memory, from + (long) channel * Short.BYTES),
          memory,
          to + (long) channel * Float.BYTES);
    }
  }

  private static FloatVector activate(FloatVector x, Activation activation) {
    return switch (activation) {
      case SILU -> swish(x);
      case RELU -> x.blend(0f, x.compare(VectorOperators.LT, 0f));
      case LRELU ->
          x.blend(x.mul((float) Activation.LEAKY_SLOPE), x.compare(VectorOperators.LT, 0f));
    };
  }

  // 2^f for |f| <= 1/2 by its Taylor series, 1 unit in the last place
  private static final float[] POWER = {
    1f, 0.6931472f, 0.2402265f, 0.05550411f, 0.009618129f, 0.0013333558f, 1.540353e-4f
  };
  private static final float LOG2_E = 1.442695f;
  private static final float BOUND = 87f; // beyond it e^x leaves the range of floats
  private static final float ROUNDER = 12582912f; // 1.5 * 2^23: adding it rounds to an integer
  private static final int EXPONENT_SHIFT = 23;

  /** x / (1 + e^-x). */
  private static FloatVector swish(FloatVector x) {
    VectorMask<Float> high = x.compare(VectorOperators.GT, BOUND);
    VectorMask<Float> low = x.compare(VectorOperators.LT, -BOUND);
    FloatVector power = x.blend(BOUND, high).blend(-BOUND, low).mul(-LOG2_E);
    FloatVector rounded = power.add(ROUNDER);
    FloatVector f = power.sub(rounded.sub(ROUNDER));
    // pairs of terms, which do not wait for each other
    FloatVector square = f.mul(f);
    FloatVector low01 = f.fma(broadcast(POWER[1]), broadcast(POWER[0]));
    FloatVector low23 = f.fma(broadcast(POWER[3]), broadcast(POWER[2]));
    FloatVector high45 = f.fma(broadcast(POWER[5]), broadcast(POWER[4]));
    FloatVector high456 = square.fma(broadcast(POWER[6]), high45);
    FloatVector e = square.fma(square.fma(high456, low23), low01);
    FloatVector scaled =
        e.reinterpretAsInts()
            .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT))
            .reinterpretAsFloats();
    return x.div(scaled.add(1f));
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector load(MemorySegment memory, long at) {
    return FloatVector.fromMemorySegment(SPECIES, memory, at, ORDER);
  }

  /** A bfloat16 is the upper half of a float. */
  private static FloatVector loadHalf(MemorySegment memory, long at) {
    return ShortVector.fromMemorySegment(HALVES, memory, at, ORDER)
        .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, HALF_BITS)
        .reinterpretAsFloats();
  }

  /** Rounds to the nearest, to even when two are as near. */
  private static void storeHalf(FloatVector vector, MemorySegment memory, long at) {
    IntVector bits = vector.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, HALF_BITS).and(1);
    bits.add(odd)
        .add(BELOW_HALF)
        .lanewise(VectorOperators.LSHR, HALF_BITS)
        .convertShape(VectorOperators.I2S, HALVES, 0)
        .reinterpretAsShorts()
        .intoMemorySegment(memory, at, ORDER);
  }

  private static void store(FloatVector vector, MemorySegment memory, long at) {
    vector.intoMemorySegment(memory, at, ORDER);
  }
}
