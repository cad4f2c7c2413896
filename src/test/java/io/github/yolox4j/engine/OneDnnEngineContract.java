package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What plans must do however they compute 3x3 convolutions. */
abstract class OneDnnEngineContract extends EngineGoldenTest<OneDnnEngine> {

  private static final int THREADS = IntraOpThreads.count();

  abstract OneDnnEngine open(FoldedNetwork network, ElementType pictures);

  @BeforeEach
  void requireOneDnn() {
    assumeTrue(OneDnn.absence().isEmpty(), () -> OneDnn.absence().get());
  }

  @AfterAll
  static void restoreThreads() {
    IntraOpThreads.set(THREADS);
  }

  @Override
  OneDnnEngine open(FoldedNetwork network) {
    return open(network, ElementType.BYTE);
  }

  @Override
  OneDnnEngine openForFloats(FoldedNetwork network) {
    return open(network, ElementType.FLOAT);
  }

  @Override
  InferenceRequest requestFloats(OneDnnEngine engine, int batch, int height, int width) {
    return engine.request(batch, height, width);
  }

  @ParameterizedTest
  @CsvSource({"1,32,32", "1,160,96", "3,96,224", "5,64,32", "1,352,416"})
  void everyShapeGivesWhatTheEagerEngineGives(int batch, int height, int width) {
    FoldedNetwork network = FoldedNetwork.random(OfficialModel.TINY.spec(), 7);
    try (Engine eager =
            new TorchEngine(Networks.folded(network), ComputeDevice.CPU, Precision.FP32);
        Engine engine = open(network)) {
      assertClose(
          everything(eager, batch, height, width), everything(engine, batch, height, width), 1e-4);
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameResults() {
    try (Weights figures = figures(OfficialModel.S);
        Engine engine = open(network(OfficialModel.S.spec(), figures));
        Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = GoldenPictures.bytes(arena);
      IntraOpThreads.set(1);
      float[] expected = run(engine, pixels);
      for (int threads = 2; threads <= 4; threads++) {
        IntraOpThreads.set(threads);
        assertClose(expected, run(engine, pixels), 1e-4);
        assertArrayEquals(run(engine, pixels), run(engine, pixels));
      }
    }
  }

  @Test
  void sizesThatAreNoMultiplesAreRefused() {
    try (Engine engine = open(FoldedNetwork.random(OfficialModel.NANO.spec(), 1))) {
      assertThrows(YoloxException.class, () -> engine.request(1, 48, 64));
      assertThrows(YoloxException.class, () -> engine.request(0, 64, 64));
    }
  }

  /** Everything that is predicted for pictures of a pattern. */
  private static float[] everything(Engine engine, int batch, int height, int width) {
    try (InferenceRequest request = engine.request(batch, height, width)) {
      byte[] bytes = new byte[(int) request.pixels().byteSize()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i * i % 251);
      }
      request.pixels().copyFrom(MemorySegment.ofArray(bytes));
      return GoldenPictures.logits(request.run(0), batch, engine.spec());
    }
  }
}
