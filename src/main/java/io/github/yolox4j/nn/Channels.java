package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Moves along the channel dimension. */
final class Channels {

  private static final int DIMENSION = 1;

  private Channels() {}

  static Tensor concat(Tensor... parts) {
    try (TensorVector list = new TensorVector(parts)) {
      return torch.cat(list, DIMENSION);
    }
  }
}
