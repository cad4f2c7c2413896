package io.github.yolox4j.bench;

import io.github.yolox4j.ffi.dnnl.Attributes;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.Execution;
import io.github.yolox4j.ffi.dnnl.MatrixProduct;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.ffi.dnnl.Primitive;
import io.github.yolox4j.ffi.dnnl.Primitive.Argument;
import io.github.yolox4j.ffi.dnnl.TensorLayout;
import io.github.yolox4j.ffi.dnnl.ThreadTeam;
import io.github.yolox4j.tensor.LibTorch;
import java.lang.foreign.Arena;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What the processor can do at best: a product of two matrices of floats that fit its caches, by
 * oneDNN where it is present, else by libtorch. For one thread.
 */
final class MatrixPeak implements AutoCloseable {

  private static final int SIDE = 768;
  private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;

  private final Arena arena = Arena.ofConfined();
  private final Runnable product;
  private double best;

  MatrixPeak(int threads) {
    product = OneDnn.absence().isEmpty() ? oneDnn(threads) : libtorch();
  }

  private Runnable oneDnn(int threads) {
    ThreadTeam.resize(threads);
    TensorLayout matrix = TensorLayout.rowMajor(arena, ElementType.FLOAT, SIDE, SIDE);
    TensorLayout any = TensorLayout.chosenByReader(arena, ElementType.FLOAT, SIDE, SIDE);
    Primitive primitive =
        Primitive.compile(arena, new MatrixProduct(matrix, any, null, matrix, Attributes.NONE));
    Execution execution =
        primitive
            .bind(arena)
            .with(Argument.SOURCE, matrix, arena.allocate(matrix.bytes(), 64))
            .with(
                Argument.WEIGHTS,
                primitive.weights(),
                arena.allocate(primitive.weights().bytes(), 64))
            .with(Argument.TARGET, matrix, arena.allocate(matrix.bytes(), 64))
            .withScratchpad(arena.allocate(Math.max(64, primitive.scratchpadBytes()), 64))
            .build();
    return () -> {
      ThreadTeam.resize(threads);
      execution.run();
    };
  }

  private static Runnable libtorch() {
    LibTorch.load();
    return () -> {
      try (InferenceMode _ = new InferenceMode(true);
          Tensor matrix = torch.ones(SIDE, SIDE);
          Tensor _ = matrix.mm(matrix)) {
        // only the time counts
      }
    };
  }

  /** Measures once more. */
  void measure() {
    long start = System.nanoTime();
    product.run();
    best = Math.max(best, OPERATIONS / (System.nanoTime() - start));
  }

  /** The best so far, in 10^9 operations per second. */
  double gigaflops() {
    return best;
  }

  @Override
  public void close() {
    arena.close();
  }
}
