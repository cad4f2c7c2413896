package io.github.yolox4j.train;

import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.tensor.SharedTensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Clips gradients by their total norm without asking the device for a number. */
final class Gradients {

  private static final Operator MULTIPLY =
      Operator.of("aten::_foreach_mul_.Tensor(Tensor(a!)[] self, Tensor other) -> ()");

  /** As in PyTorch's clip_grad_norm_. */
  private static final double EPSILON = 1e-6;

  private Gradients() {}

  /** Scales gradients down to a Euclidean norm of all of them together, if theirs is larger. */
  static void clip(List<Tensor> gradients, double most) {
    Tensor[] norms = gradients.stream().map(Tensor::norm).toArray(Tensor[]::new);
    Tensor norm = torch.stack(new TensorVector(norms)).norm();
    Tensor factor =
        norm.add(new Scalar(EPSILON)).reciprocal().mul(new Scalar(most)).clamp_max(new Scalar(1.0));
    MULTIPLY.call(SharedTensors.list(gradients), SharedTensors.borrow(factor));
  }
}
