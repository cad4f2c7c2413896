package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every engine other than the eager one must do: the reference's forward passes, and the eager
 * engine's results on bytes.
 *
 * @param <E> the engine
 */
abstract class EngineGoldenTest<E extends Engine> {

  /** Makes an engine that computes in 32-bit floats. */
  abstract E open(FoldedNetwork network);

  /** Makes one that may be asked for {@link #requestFloats}. */
  E openForFloats(FoldedNetwork network) {
    return open(network);
  }

  /** Makes a request for pictures of floats, [batch, height, width, channels]. */
  abstract InferenceRequest requestFloats(E engine, int batch, int height, int width);

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  final void forwardGivesTheReferencesFigures(OfficialModel model) {
    try (Weights figures = figures(model);
        E engine = openForFloats(network(model.spec(), figures));
        Arena arena = Arena.ofConfined();
        InferenceRequest request =
            requestFloats(
                engine, GoldenPictures.BATCH, GoldenPictures.HEIGHT, GoldenPictures.WIDTH)) {
      request.pixels().copyFrom(GoldenPictures.in(arena));
      float[] expected = figures.arrays().get("raw").toFloats();
      // the largest model amplifies rounding
      double tolerance = model == OfficialModel.X ? 1e-3 : 2e-4;
      assertClose(expected, GoldenPictures.raw(request.run(0), model.spec()), tolerance);
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  final void bytesGiveWhatTheEagerEngineGives(Activation activation) {
    assertAsEager(OfficialModel.NANO.spec().withActivation(activation), InputScaling.NONE);
  }

  @Test
  final void legacyScalingGivesWhatTheEagerEngineGives() {
    assertAsEager(OfficialModel.NANO.spec(), InputScaling.LEGACY);
  }

  @Test
  final void closedEngineIsRefused() {
    try (Weights figures = figures(OfficialModel.NANO)) {
      E engine = open(network(OfficialModel.NANO.spec(), figures));
      engine.close();
      assertThrows(IllegalStateException.class, () -> engine.request(1, 32, 32));
    }
  }

  @Test
  final void threadsGetTheSameResults() throws Exception {
    ModelSpec spec = OfficialModel.NANO.spec();
    try (Weights figures = figures(OfficialModel.NANO);
        E engine = open(network(spec, figures));
        Arena arena = Arena.ofShared();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      MemorySegment pixels = GoldenPictures.bytes(arena);
      float[] expected = run(engine, pixels);
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        results.add(threads.submit(() -> run(engine, pixels)));
      }
      for (Future<float[]> result : results) {
        assertArrayEquals(expected, result.get());
      }
    }
  }

  /** The file's figures; its statistics are what the weights are completed with. */
  static Weights figures(OfficialModel model) {
    return Weights.read(Shared.golden("forward_" + model.key() + ".safetensors"));
  }

  static FoldedNetwork network(ModelSpec spec, Weights figures) {
    return FoldedNetwork.of(spec, ReferenceInputs.stateDict(spec, figures));
  }

  static float[] run(Engine engine, MemorySegment pixels) {
    try (InferenceRequest request =
        engine.request(GoldenPictures.BATCH, GoldenPictures.HEIGHT, GoldenPictures.WIDTH)) {
      request.pixels().copyFrom(pixels);
      return GoldenPictures.raw(request.run(0), engine.spec());
    }
  }

  private void assertAsEager(ModelSpec spec, InputScaling scaling) {
    try (Weights figures = figures(OfficialModel.NANO);
        Arena arena = Arena.ofConfined()) {
      FoldedNetwork network = network(spec, figures).withScaling(scaling);
      try (Engine eager =
              new TorchEngine(Networks.folded(network), ComputeDevice.CPU, Precision.FP32);
          E engine = open(network)) {
        MemorySegment pixels = GoldenPictures.bytes(arena);
        // both sum up in orders of their own
        assertClose(run(eager, pixels), run(engine, pixels), 1e-4);
      }
    }
  }

  /** Compares up to a part of the largest value. */
  static void assertClose(float[] expected, float[] found, double part) {
    assertEquals(expected.length, found.length);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(expected[i] - found[i]));
    }
    assertTrue(
        worst <= part * largest,
        "largest difference " + worst / largest + " of the largest value, above " + part);
  }
}
