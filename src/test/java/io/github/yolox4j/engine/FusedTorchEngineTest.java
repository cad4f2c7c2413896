package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.FusedConvolution;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FusedTorchEngineTest extends EngineGoldenTest<FusedTorchEngine> {

  private long live;

  @BeforeEach
  void count() {
    live = TensorHandle.live();
  }

  @AfterEach
  void noTensorIsLeft() {
    assertEquals(live, TensorHandle.live());
  }

  @Override
  FusedTorchEngine open(FoldedNetwork network) {
    return new FusedTorchEngine(network, DType.FLOAT32);
  }

  @Override
  InferenceRequest requestFloats(FusedTorchEngine engine, int batch, int height, int width) {
    return engine.request(DType.FLOAT32, batch, height, width);
  }

  @Test
  void tensorsGiveTheReferencesDecodedPredictions() {
    long batch = GoldenPictures.BATCH;
    long height = GoldenPictures.HEIGHT;
    long width = GoldenPictures.WIDTH;
    long[] shape = {batch, 3, height, width};
    try (Weights figures = figures(OfficialModel.NANO);
        FusedTorchEngine engine = open(network(OfficialModel.NANO.spec(), figures));
        Arena arena = Arena.ofConfined();
        TensorHandle channelsLast =
            TensorHandle.view(
                GoldenPictures.in(arena),
                DType.FLOAT32,
                shape,
                new long[] {3 * height * width, 1, 3 * width, 3});
        TensorHandle dense = FusedTorchEngine.contiguous(channelsLast);
        TensorHandle predictions = engine.forward(dense)) {
      float[] expected = figures.arrays().get("decoded").toFloats();
      assertEquals(85, predictions.shape()[2]);
      assertClose(expected, predictions.data().toArray(ValueLayout.JAVA_FLOAT), 2e-4);
      try (TensorHandle other =
          TensorHandle.view(
              arena.allocate(4 * 32 * 40), DType.FLOAT32, new long[] {1, 1, 32, 40}, new long[4])) {
        String sentence =
            assertThrows(IllegalArgumentException.class, () -> engine.forward(other)).getMessage();
        assertTrue(sentence.contains("[1, 1, 32, 40]"), sentence);
      }
    }
  }

  @Test
  void bfloat16IsCloseOrRefusedWhereTheProcessorLacksIt() {
    try (Weights trained = Weights.read(Path.of("models/demo.pth"));
        Arena arena = Arena.ofConfined()) {
      FoldedNetwork network = FoldedNetwork.of(WeightsModel.infer(trained), trained);
      if (!FusedConvolution.supports(DType.BFLOAT16)) {
        assertEquals(
            "libtorch has no fused convolutions in bfloat16 for this processor",
            assertThrows(YoloxException.class, () -> new FusedTorchEngine(network, DType.BFLOAT16))
                .getMessage());
        return;
      }
      try (var fp32 = new FusedTorchEngine(network, DType.FLOAT32);
          var bf16 = new FusedTorchEngine(network, DType.BFLOAT16)) {
        MemorySegment pixels = GoldenPictures.bytes(arena);
        // 8 bits of precision, of which a hundred layers leave 4; made-up weights leave none
        assertClose(run(fp32, pixels), run(bf16, pixels), 6e-2);
      }
    }
  }

  @Test
  void failingRunFreesWhatItHasMade() {
    ModelSpec spec = OfficialModel.NANO.spec();
    try (Weights figures = figures(OfficialModel.NANO);
        var engine = new FusedTorchEngine(network(spec, figures), DType.FLOAT32)) {
      // 48 is no multiple of 32: the neck cannot put its levels together
      assertThrows(YoloxException.class, () -> run(engine, 48));
      long prepared = TensorHandle.live(); // the first run lays kernels out
      for (int i = 0; i < 3; i++) {
        assertThrows(YoloxException.class, () -> run(engine, 48));
        assertEquals(prepared, TensorHandle.live());
      }
    }
  }

  @Test
  void otherShapeOrNumberOfThreadsGivesTheSameResults() {
    ModelSpec spec = OfficialModel.NANO.spec();
    try (Weights figures = figures(OfficialModel.NANO);
        Arena arena = Arena.ofConfined();
        var engine = new FusedTorchEngine(network(spec, figures), DType.FLOAT32)) {
      run(engine, 32);
      MemorySegment pixels = GoldenPictures.bytes(arena);
      float[] other = run(engine, pixels);
      try (var first = new FusedTorchEngine(network(spec, figures), DType.FLOAT32)) {
        float[] expected = run(first, pixels);
        assertClose(expected, other, 1e-4);
        int threads = IntraOpThreads.count();
        IntraOpThreads.set(threads + 1);
        try {
          assertClose(expected, run(first, pixels), 1e-4);
        } finally {
          IntraOpThreads.set(threads);
        }
      }
    }
  }

  private static void run(FusedTorchEngine engine, int side) {
    try (InferenceRequest request = engine.request(1, side, side)) {
      request.run(0);
    }
  }
}
