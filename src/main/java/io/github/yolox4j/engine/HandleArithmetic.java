package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.Arithmetic;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic of tensors through libtorch's C functions. Owns every result until it is closed. */
final class HandleArithmetic implements Arithmetic<TensorHandle>, AutoCloseable {

  private static final Operator MULTIPLY =
      Operator.of("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor");
  private static final Operator EXPONENTIAL = Operator.of("aten::exp(Tensor self) -> Tensor");
  private static final Operator SIGMOID = Operator.of("aten::sigmoid(Tensor self) -> Tensor");
  private static final Operator NARROW =
      Operator.of(
          "aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)");

  private final List<TensorHandle> results = new ArrayList<>();

  /** Frees a tensor with the results. */
  TensorHandle keep(TensorHandle result) {
    results.add(result);
    return result;
  }

  @Override
  public TensorHandle add(TensorHandle a, TensorHandle b) {
    return keep(a.add(b, 1));
  }

  @Override
  public TensorHandle multiply(TensorHandle a, TensorHandle b) {
    return keep(MULTIPLY.tensor(a, b));
  }

  @Override
  public TensorHandle exp(TensorHandle x) {
    return keep(EXPONENTIAL.tensor(x));
  }

  @Override
  public TensorHandle sigmoid(TensorHandle x) {
    return keep(SIGMOID.tensor(x));
  }

  /** Some channels of [B, C, H, W], as a view. */
  TensorHandle channels(TensorHandle map, int first, int count) {
    return keep(NARROW.tensor(map, Value.of(1), Value.of(first), Value.of(count)));
  }

  @Override
  public void close() {
    results.forEach(TensorHandle::close);
  }
}
