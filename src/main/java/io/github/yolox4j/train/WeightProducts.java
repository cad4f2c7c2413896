package io.github.yolox4j.train;

import io.github.yolox4j.nn.ConvolutionTape;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.nn.WeightGradients;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Computes the gradients of convolutions' weights as products of matrices, after autograd has
 * computed all others and those of the convolutions' outputs.
 */
final class WeightProducts implements Backpropagation {

  private final TrainableNetwork network;
  private ConvolutionTape tape = new ConvolutionTape();

  WeightProducts(TrainableNetwork network) {
    this.network = network;
  }

  @Override
  public List<LevelOutput> forward(Tensor pictures) {
    tape = new ConvolutionTape();
    return tape.record(() -> network.network().forward(pictures));
  }

  @Override
  public void backward(Tensor loss) {
    List<ConvolutionTape.Entry> entries = tape.entries();
    List<Tensor> parameters = parametersWithout(entries);
    List<Tensor> wanted = new ArrayList<>(parameters);
    entries.forEach(entry -> wanted.add(entry.output()));
    TensorVector gradients =
        torch.grad(
            new TensorVector(loss),
            new TensorVector(wanted.toArray(Tensor[]::new)),
            new TensorVector(),
            new BoolOptional(),
            false,
            true);
    try (NoGradGuard _ = new NoGradGuard()) {
      for (int i = 0; i < parameters.size(); i++) {
        add(parameters.get(i), gradients.get(i));
      }
      List<ConvolutionTape.Entry> used = new ArrayList<>();
      List<Tensor> outputs = new ArrayList<>();
      for (int i = 0; i < entries.size(); i++) {
        Tensor output = gradients.get(parameters.size() + i);
        if (output.defined()) {
          used.add(entries.get(i));
          outputs.add(output);
        }
      }
      List<Tensor> weights = WeightGradients.of(used, outputs);
      for (int i = 0; i < weights.size(); i++) {
        add(used.get(i).weight(), weights.get(i));
      }
    }
  }

  private List<Tensor> parametersWithout(List<ConvolutionTape.Entry> entries) {
    Set<Long> convolved = new HashSet<>();
    entries.forEach(entry -> convolved.add(identity(entry.weight())));
    List<Tensor> parameters = new ArrayList<>();
    network
        .parameters()
        .values()
        .forEach(
            group ->
                group.values().stream()
                    .filter(parameter -> !convolved.contains(identity(parameter)))
                    .forEach(parameters::add));
    return parameters;
  }

  /** The address of what a tensor's Java objects share. */
  private static long identity(Tensor tensor) {
    return tensor.unsafeGetTensorImpl().address();
  }

  private static void add(Tensor parameter, Tensor gradient) {
    if (!gradient.defined()) {
      return;
    }
    Tensor sum = parameter.mutable_grad();
    if (sum.defined()) {
      sum.add_(gradient);
    } else {
      sum.put(inLayoutOf(parameter, gradient));
    }
  }

  /** The update of the parameters wants their layout, as autograd would give. */
  private static Tensor inLayoutOf(Tensor parameter, Tensor gradient) {
    return gradient.strides().equals(parameter.strides())
        ? gradient
        : torch.empty_like(parameter).copy_(gradient);
  }
}
