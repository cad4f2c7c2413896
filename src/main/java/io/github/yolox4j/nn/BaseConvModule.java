package io.github.yolox4j.nn;

import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Convolution, BatchNorm, activation. */
final class BaseConvModule extends Module {

  private static final double MOMENTUM = 0.03;

  private final Convolution convolution;
  private final Conv2dImpl conv;
  private final BatchNorm2dImpl norm; // null when folded into the convolution

  /**
   * Makes and registers the layers with PyTorch's initialisation.
   *
   * @param convolution one that BatchNorm follows
   * @param folded whether a bias stands in the place of BatchNorm
   */
  BaseConvModule(Convolution convolution, boolean folded) {
    this.convolution = convolution;
    conv = register_module("conv", conv2d(convolution, folded));
    norm = folded ? null : register_module("bn", batchNorm(convolution.outputChannels()));
  }

  /** Makes torch's convolution module. */
  static Conv2dImpl conv2d(Convolution convolution, boolean bias) {
    long kernel = convolution.kernel();
    long padding = convolution.padding();
    long stride = convolution.step();
    try (LongPointer sides = new LongPointer(kernel, kernel);
        LongPointer steps = new LongPointer(stride, stride);
        LongPointer borders = new LongPointer(padding, padding);
        Conv2dOptions options =
            new Conv2dOptions(convolution.inputChannels(), convolution.outputChannels(), sides)) {
      options.stride().put(steps);
      options.padding().put(borders);
      options.groups().put(convolution.groups());
      options.bias().put(bias);
      return new Conv2dImpl(options);
    }
  }

  private static BatchNorm2dImpl batchNorm(int channels) {
    try (BatchNormOptions options = new BatchNormOptions(channels)) {
      options.eps().put(Convolution.NORM_EPSILON);
      options.momentum().put(MOMENTUM);
      return new BatchNorm2dImpl(options);
    }
  }

  /** [B, C, H, W] to a new tensor owned by the caller. */
  Tensor forward(Tensor x) {
    Tensor y = convolve(x);
    activateInPlace(y);
    return y;
  }

  private Tensor convolve(Tensor x) {
    if (norm == null) {
      return conv.forward(x);
    }
    try (Tensor y = conv.forward(x)) {
      ConvolutionTape.add(conv, convolution, x, y);
      return norm.forward(y);
    }
  }

  /** Overwrites values that nobody else reads; autograd keeps what it needs. */
  private void activateInPlace(Tensor y) {
    switch (convolution.activation().orElseThrow()) {
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
