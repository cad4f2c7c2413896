package io.github.yolox4j.nn;

import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Convolution, BatchNorm, activation. */
public final class BaseConv extends Module implements Block {

  private static final double MOMENTUM = 0.03;

  private final Conv2dImpl conv;
  private final BatchNorm2dImpl norm; // null when folded into the convolution
  private final Activation activation;
  private final int stride;
  private final int groups;

  /**
   * Makes and registers the layers with PyTorch's initialisation.
   *
   * @param inputs input channels
   * @param outputs output channels
   * @param kernel side of the kernel, odd
   * @param stride the convolution's stride
   * @param groups 1, or the channels for a depthwise convolution
   * @param style activation, and whether BatchNorm is folded
   */
  BaseConv(int inputs, int outputs, int kernel, int stride, int groups, Style style) {
    conv =
        register_module("conv", Conv2d.of(inputs, outputs, kernel, stride, groups, style.folded()));
    norm = style.folded() ? null : register_module("bn", batchNorm(outputs));
    activation = style.activation();
    this.stride = stride;
    this.groups = groups;
  }

  private static BatchNorm2dImpl batchNorm(int channels) {
    try (BatchNormOptions options = new BatchNormOptions(channels)) {
      options.eps().put(Convolution.NORM_EPSILON);
      options.momentum().put(MOMENTUM);
      return new BatchNorm2dImpl(options);
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = convolve(x);
    activateInPlace(y);
    return y;
  }

  private Tensor convolve(Tensor x) {
    if (norm == null) {
      return conv.forward(x);
    }
    try (Tensor y = conv.forward(x)) {
      ConvolutionTape.add(conv, stride, groups, x, y);
      return norm.forward(y);
    }
  }

  /** Overwrites values that nobody else reads; autograd keeps what it needs. */
  private void activateInPlace(Tensor y) {
    switch (activation) {
      case SILU -> torch.silu_(y);
      case RELU -> torch.relu_(y);
      case LRELU -> {
        try (Scalar slope = new Scalar(Activation.LEAKY_SLOPE)) {
          torch.leaky_relu_(y, slope);
        }
      }
    }
  }
}
