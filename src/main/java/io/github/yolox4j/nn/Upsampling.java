package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Nearest-neighbour upsampling to twice the size. */
final class Upsampling {

  private Upsampling() {}

  static Tensor twice(Tensor x) {
    return torch.upsample_nearest2d(x, 2 * x.size(2), 2 * x.size(3));
  }

  /** Upsamples a map and puts another one of the resulting size behind it. */
  static Tensor twiceBeside(Tensor coarse, Tensor fine) {
    try (Tensor enlarged = twice(coarse)) {
      return Channels.concat(enlarged, fine);
    }
  }
}
