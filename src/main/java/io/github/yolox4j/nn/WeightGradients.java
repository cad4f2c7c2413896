package io.github.yolox4j.nn;

import io.github.yolox4j.tensor.LibTorch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Gradients of convolutions' weights as products of matrices. oneDNN's kernel for them is slow on
 * channels-last tensors where the processor has AVX2 only; BLAS comes near to the peak there.
 *
 * <p>With the input padded, and the output's gradient padded to the same length of rows, each of
 * the K x K taps of a convolution is one product of two contiguous matrices, the second of which
 * begins as many pixels later as the tap is away from the first. With stride S the input is split
 * into S x S pictures first, of every S-th row and column.
 */
public final class WeightGradients {

  /** Copies that may wait before their products are computed, in bytes. */
  private static final long WAITING = 64L << 20;

  /** One product, left^T * right, that is written into a part of a gradient. */
  private record Product(Tensor left, Tensor right, Tensor out) implements Runnable {
    @Override
    public void run() {
      try (Tensor transposed = left.t();
          Tensor _ = torch.mm_out(out, transposed, right)) {
        // the result is another object for the tensor given as out
      }
    }
  }

  private final List<Product> products = new ArrayList<>();
  private long waiting;

  private WeightGradients() {}

  /**
   * Tells whether products are faster than autograd on this machine's processor.
   *
   * @return true on processors with AVX2 but without AVX-512
   */
  public static boolean worthwhile() {
    LibTorch.load();
    return "AVX2".equals(torch.get_cpu_capability().getString());
  }

  /**
   * Computes gradients on all of libtorch's threads. Grad mode must be off. The objects belong to
   * the innermost open scope.
   *
   * @param entries the convolutions
   * @param outputGradients for each the gradient of its output, [B, O, H', W']
   * @return for each the gradient of its weight, in the weight's layout
   */
  public static List<Tensor> of(List<ConvolutionTape.Entry> entries, List<Tensor> outputGradients) {
    WeightGradients gradients = new WeightGradients();
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      all.add(gradients.add(entries.get(i), outputGradients.get(i)));
    }
    gradients.compute();
    return all;
  }

  private Tensor add(ConvolutionTape.Entry entry, Tensor outputGradient) {
    Tensor gradient = torch.empty_like(entry.weight());
    Tensor taps = gradient.permute(0, 2, 3, 1); // [O, K, K, I]
    addTaps(pixels(outputGradient), pixels(entry.input()), entry.stride(), taps);
    if (waiting > WAITING) {
      compute();
    }
    return gradient;
  }

  private void addTaps(Tensor output, Tensor input, int stride, Tensor taps) {
    int kernel = Math.toIntExact(taps.size(1));
    int reach = (kernel - 1) / stride;
    long rows = output.size(1) + reach;
    long columns = output.size(2) + reach;
    Tensor padded =
        matrix(
            laidOut(
                output,
                Cells.of(rows, 0, 1, output.size(1)),
                Cells.of(columns, 0, 1, output.size(2))));
    long length = padded.size(0) - reach * columns - reach;
    Tensor left = padded.narrow(0, 0, length);
    for (int a = 0; a < stride; a++) {
      Cells down = Cells.of(rows, a - kernel / 2, stride, input.size(1));
      for (int b = 0; b < stride; b++) {
        Cells across = Cells.of(columns, b - kernel / 2, stride, input.size(2));
        Tensor right = matrix(laidOut(input, down, across));
        for (int ky = a; ky < kernel; ky += stride) {
          for (int kx = b; kx < kernel; kx += stride) {
            long later = ky / stride * columns + kx / stride;
            products.add(
                new Product(
                    left, right.narrow(0, later, length), taps.select(1, ky).select(1, kx)));
          }
        }
      }
    }
  }

  /**
   * Which rows (or columns) of a picture are copied to which of a canvas: its j-th shows the
   * picture's (offset + j * step)-th, where that exists.
   */
  private record Cells(long all, long first, long count, long source, int step) {

    static Cells of(long all, int offset, int step, long length) {
      long first = Math.max(0, Math.ceilDiv(-offset, step));
      long last = Math.min(all - 1, Math.floorDiv(length - 1 - offset, step));
      return new Cells(all, first, last - first + 1, first * step + offset, step);
    }

    Tensor on(Tensor canvas, int axis) {
      return canvas.narrow(axis, first, count);
    }

    Tensor of(Tensor picture, int axis) {
      try (LongOptional begin = new LongOptional(source);
          LongOptional end = new LongOptional(source + (count - 1) * step + 1)) {
        return picture.slice(axis, begin, end, step);
      }
    }
  }

  /** A copy of [B, H, W, C] on zeros. */
  private Tensor laidOut(Tensor picture, Cells down, Cells across) {
    Tensor canvas =
        torch.zeros(
            new long[] {picture.size(0), down.all(), across.all(), picture.size(3)},
            picture.options());
    waiting += canvas.nbytes();
    across.on(down.on(canvas, 1), 2).copy_(across.of(down.of(picture, 1), 2));
    return canvas;
  }

  /** [B, C, H, W] as [B, H, W, C], a view of tensors that are channels-last. */
  private static Tensor pixels(Tensor tensor) {
    return tensor.detach().permute(0, 2, 3, 1).contiguous();
  }

  /** [B, H, W, C] as [B * H * W, C]. */
  private static Tensor matrix(Tensor pixels) {
    return pixels.view(-1, pixels.size(3));
  }

  /** Computes what waits; each product is one thread's work, so that threads never wait. */
  private void compute() {
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          for (int i = next.getAndIncrement(); i < products.size(); i = next.getAndIncrement()) {
            products.get(i).run();
          }
        };
    List<ForkJoinTask<?>> others = new ArrayList<>();
    for (int i = 1; i < LibTorch.threads(); i++) {
      others.add(ForkJoinPool.commonPool().submit(work));
    }
    work.run();
    others.forEach(ForkJoinTask::join);
    products.clear();
    waiting = 0;
  }
}
