package io.github.yolox4j.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.model.Activation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One tile by Winograd's method against the sum that a convolution is. */
class WinogradTest {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  @ParameterizedTest
  @EnumSource(Activation.class)
  void tileIsTheConvolution(Activation activation) {
    assumeTrue(Winograd.absence().isEmpty(), "no vectors: " + Winograd.absence());
    int channels = WinogradTransform.LANES;
    int patchFloats = Winograd.POINTS * channels;
    float[] patch = ReferenceInputs.values(1, patchFloats, -1, 1);
    float[] kernels = ReferenceInputs.values(2, 9L * channels * channels, -0.3, 0.3);
    float[] bias = ReferenceInputs.values(3, channels, -1, 1);
    float[] before = ReferenceInputs.values(4, 16L * channels, -1, 1);
    float[] transformed = WinogradWeights.transform(kernels, channels);
    try (Arena arena = Arena.ofConfined()) {
      long points = 4L * patchFloats;
      long products = 2 * points;
      long target = 3 * points;
      long scratch = 4 * points;
      long tile = scratch + WinogradTransform.SCRATCH_BYTES;
      MemorySegment memory = arena.allocate(tile + WinogradTransform.TILE_BYTES, 64);
      MemorySegment.copy(patch, 0, memory, FLOAT, 0, patch.length);
      MemorySegment.copy(before, 0, memory, FLOAT, target, before.length);
      MemorySegment shift = arena.allocateFrom(FLOAT, bias);
      long pixel = 4L * channels;
      WinogradTransform.input(
          memory, 0, Winograd.PATCH * pixel, pixel, channels, scratch, points, pixel);
      multiply(memory, points, transformed, products, channels);
      WinogradTransform.output(memory, products, pixel, scratch, tile);
      WinogradTransform.activate(memory, tile, shift, 0, activation);
      for (int y = 0; y < 3; y++) {
        WinogradTransform.write(
            memory, tile + y * WinogradTransform.TILE_ROW, 4, target + 4L * y * pixel, pixel, true);
      }
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          for (int o = 0; o < channels; o++) {
            double sum = bias[o];
            for (int i = 0; i < channels; i++) {
              for (int k = 0; k < 9; k++) {
                int at = ((y + k / 3) * Winograd.PATCH + x + k % 3) * channels + i;
                sum += (double) patch[at] * kernels[(o * channels + i) * 9 + k];
              }
            }
            int at = (y * 4 + x) * channels + o;
            // the fourth row lies beyond the map
            double expected = y < 3 ? activate(sum, activation) + before[at] : before[at];
            float found = memory.get(FLOAT, target + 4L * at);
            assertEquals(expected, found, 5e-6, "row " + y + ", column " + x);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // between two neighbours: to the nearer, and to the even one from the middle
    "1.0009765625,1",
    "1.00390625,1",
    "1.00390637,1.0078125",
    "1.01171875,1.015625",
    "3.3,3.296875"
  })
  void halvesAreRoundedToTheNearest(float value, float rounded) {
    assumeTrue(Winograd.absence().isEmpty(), "no vectors: " + Winograd.absence());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(2 * WinogradTransform.TILE_BYTES, 64);
      memory.set(FLOAT, 0, value);
      long target = WinogradTransform.TILE_BYTES;
      long widened = target + WinogradTransform.TILE_BYTES / 2;
      WinogradTransform.writeHalf(memory, 0, 1, target, 0, false);
      WinogradTransform.widen(memory, target, widened, WinogradTransform.LANES);
      assertEquals(rounded, memory.get(FLOAT, widened));
      WinogradTransform.writeHalf(memory, 0, 1, target, 0, true);
      WinogradTransform.widen(memory, target, widened, WinogradTransform.LANES);
      float sum = value + rounded;
      assertEquals(sum, memory.get(FLOAT, widened), sum / 256);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1e30,0", "-200,0", "-87.5,0", "0,0", "87.5,87.5", "1e30,1e30"})
  void swishKeepsItsLimits(float x, float expected) {
    assumeTrue(Winograd.absence().isEmpty(), "no vectors: " + Winograd.absence());
    assertEquals(expected, swish(x), 2e-8f);
  }

  @ParameterizedTest
  @CsvSource({"-30", "-8.3", "-1.278", "-0.001", "0.5", "3", "20"})
  void swishIsExactToAFewUnits(float x) {
    assumeTrue(Winograd.absence().isEmpty(), "no vectors: " + Winograd.absence());
    double exact = x / (1 + Math.exp(-x));
    // the exponent is as exact as floats of its size are
    assertEquals(exact, swish(x), (4e-7 + 6e-8 * Math.abs(x)) * Math.abs(exact));
    assertTrue(Float.isNaN(swish(Float.NaN)));
  }

  private static double activate(double x, Activation activation) {
    return switch (activation) {
      case SILU -> x / (1 + Math.exp(-x));
      case RELU -> Math.max(x, 0);
      case LRELU -> x > 0 ? x : Activation.LEAKY_SLOPE * x;
    };
  }

  private static float swish(float x) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(WinogradTransform.TILE_BYTES, 64);
      MemorySegment shift = arena.allocate(4L * WinogradTransform.LANES);
      memory.set(FLOAT, 0, x);
      WinogradTransform.activate(memory, 0, shift, 0, Activation.SILU);
      return memory.get(FLOAT, 0);
    }
  }

  private static void multiply(
      MemorySegment memory, long points, float[] kernels, long products, int channels) {
    for (int point = 0; point < Winograd.POINTS; point++) {
      for (int o = 0; o < channels; o++) {
        float sum = 0;
        for (int i = 0; i < channels; i++) {
          sum +=
              memory.get(FLOAT, points + 4L * (point * channels + i))
                  * kernels[(point * channels + i) * channels + o];
        }
        memory.set(FLOAT, products + 4L * (point * channels + o), sum);
      }
    }
  }
}
