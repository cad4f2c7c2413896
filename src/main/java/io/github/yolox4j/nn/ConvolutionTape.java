package io.github.yolox4j.nn;

import io.github.yolox4j.model.Convolution;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Tensor;

/**
 * Remembers which convolutions a forward pass ran and on what, so that the gradients of their
 * weights can be computed by {@link WeightGradients} instead of autograd. Its tensors belong to the
 * scope that was innermost when they were recorded. For one thread.
 */
public final class ConvolutionTape {

  private static final ScopedValue<ConvolutionTape> CURRENT = ScopedValue.newInstance();

  /**
   * One convolution, of all channels.
   *
   * @param weight [O, I, K, K], K odd; padded by (K - 1) / 2
   * @param stride the stride along both axes
   * @param input [B, I, H, W]
   * @param output what the convolution made of the input, part of the graph of autograd
   */
  public record Entry(Tensor weight, int stride, Tensor input, Tensor output) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Makes an empty tape. */
  public ConvolutionTape() {}

  /**
   * Records what a forward pass does.
   *
   * @param forward runs a network
   * @param <T> what it returns
   * @return its result
   */
  public <T> T record(Supplier<T> forward) {
    return ScopedValue.where(CURRENT, this).call(forward::get);
  }

  /** {@return the recorded convolutions in the order in which they ran} */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /**
   * Leaves to autograd what it does well: 1x1 and depthwise convolutions, and the network's first,
   * whose input needs no gradient and has few channels.
   */
  static void add(Conv2dImpl module, Convolution convolution, Tensor input, Tensor output) {
    if (CURRENT.isBound() && convolution.groups() == 1 && input.requires_grad()) {
      Tensor weight = module.weight();
      if (convolution.kernel() > 1 && weight.requires_grad()) {
        CURRENT
            .get()
            .entries
            .add(
                new Entry(
                    new Tensor(weight), convolution.step(), new Tensor(input), new Tensor(output)));
      }
    }
  }
}
