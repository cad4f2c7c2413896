package io.github.yolox4j.nn;

import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.Layer;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Layers without weights as libtorch has them: for its Java presets, for its C functions, and as
 * source text of TorchScript. All three are the same operator.
 */
public final class LayerOperators {

  private static final long CHANNELS = 1;

  private static final Operator MAX_POOL =
      Operator.of(
          "aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0,"
              + " int[2] dilation=1, bool ceil_mode=False) -> Tensor");
  private static final Operator UPSAMPLE =
      Operator.of(
          "aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size,"
              + " float[]? scale_factors) -> Tensor");
  private static final Operator CONCATENATE =
      Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");

  private static final Value ONES = Value.ints(1, 1);

  private LayerOperators() {}

  /** A layer that is ready to run through libtorch's C functions. Safe for use by many threads. */
  public interface Call {

    /**
     * Runs the layer.
     *
     * @param inputs what it reads, [B, C, H, W] each; stay the caller's
     * @return the result, owned by the caller
     */
    TensorHandle on(List<TensorHandle> inputs);
  }

  /** Runs a layer through the presets; the result is the caller's. */
  static Tensor forward(Layer.Operator layer, List<Tensor> inputs) {
    Tensor x = inputs.getFirst();
    return switch (layer) {
      case Layer.MaxPool pool -> {
        long[] kernel = {pool.kernel(), pool.kernel()};
        long[] padding = {pool.kernel() / 2, pool.kernel() / 2};
        long[] ones = {1, 1};
        yield torch.max_pool2d(x, kernel, ones, padding, ones, false);
      }
      case Layer.Upsample _ -> torch.upsample_nearest2d(x, 2 * x.size(2), 2 * x.size(3));
      case Layer.Concat _ -> {
        try (TensorVector all = new TensorVector(inputs.toArray(Tensor[]::new))) {
          yield torch.cat(all, CHANNELS);
        }
      }
    };
  }

  /**
   * Prepares a layer for the C functions.
   *
   * @param layer the layer
   * @return what runs it
   */
  public static Call call(Layer.Operator layer) {
    return switch (layer) {
      case Layer.MaxPool pool -> {
        Value kernel = Value.ints(pool.kernel(), pool.kernel());
        Value padding = Value.ints(pool.kernel() / 2, pool.kernel() / 2);
        yield x -> MAX_POOL.tensor(x.getFirst(), kernel, ONES, padding, ONES, Value.of(false));
      }
      case Layer.Upsample _ -> {
        Value twice = Value.some(Value.floats(2, 2));
        yield x -> UPSAMPLE.tensor(x.getFirst(), Value.none(), twice);
      }
      case Layer.Concat _ -> x -> CONCATENATE.tensor(Value.list(x), Value.of(CHANNELS));
    };
  }

  /**
   * Writes a layer.
   *
   * @param layer the layer
   * @param inputs the names of what it reads
   * @return an expression of TorchScript
   */
  public static String script(Layer.Operator layer, List<String> inputs) {
    String all = String.join(", ", inputs);
    return switch (layer) {
      case Layer.MaxPool pool ->
          "torch.max_pool2d(%1$s, [%2$d, %2$d], [1, 1], [%3$d, %3$d])"
              .formatted(all, pool.kernel(), pool.kernel() / 2);
      case Layer.Upsample _ -> "torch.upsample_nearest2d(%s, None, [2.0, 2.0])".formatted(all);
      case Layer.Concat _ -> "torch.cat([%s], %d)".formatted(all, CHANNELS);
    };
  }
}
