package io.github.yolox4j.train;

import io.github.yolox4j.model.StateEntry.Role;
import io.github.yolox4j.tensor.NativeOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Stochastic gradient descent with Nesterov momentum, as PyTorch computes it, in one pass over
 * memory for each of the three parameter groups: BatchNorm weights, other weights (these decay) and
 * biases. The momentum belongs to the scope in which this was made.
 */
final class Sgd {

  private static final NativeOperator FUSED_SGD = NativeOperator.of("aten::_fused_sgd_", "");

  /** Parameters and their momentum; the lists are made once. */
  private record Group(
      List<Tensor> parameters, TensorVector values, TensorVector momentum, double decay) {}

  private final double factor;
  private final List<Group> groups = new ArrayList<>();
  private final Map<String, Tensor> momentum = new LinkedHashMap<>();

  Sgd(TrainableNetwork network, double momentumFactor, double weightDecay) {
    factor = momentumFactor;
    for (Role role : TrainableNetwork.GROUPS) {
      Map<String, Tensor> parameters = network.parameters().get(role);
      // with zeros for momentum the first step needs no case of its own
      parameters.forEach((key, tensor) -> momentum.put(key, torch.zeros_like(tensor)));
      groups.add(
          new Group(
              List.copyOf(parameters.values()),
              new TensorVector(parameters.values().toArray(Tensor[]::new)),
              new TensorVector(
                  parameters.keySet().stream().map(momentum::get).toArray(Tensor[]::new)),
              role == Role.WEIGHT ? weightDecay : 0));
    }
  }

  /** The momentum by the parameters' keys; its values are what a checkpoint keeps. */
  Map<String, Tensor> momentum() {
    return momentum;
  }

  /** How many parameters each group has. */
  List<Integer> groupSizes() {
    return groups.stream().map(group -> group.parameters().size()).toList();
  }

  /** The gradients of all parameters; the objects belong to the innermost open scope. */
  TensorVector gradients() {
    List<Tensor> gradients = new ArrayList<>();
    groups.forEach(group -> group.parameters().forEach(p -> gradients.add(p.grad())));
    return new TensorVector(gradients.toArray(Tensor[]::new));
  }

  /**
   * Changes the parameters by their gradients, unless these turned out not to be finite.
   *
   * @param rate the learning rate
   * @param notFinite a scalar that is 1 to leave everything as it is, on the parameters' device
   */
  void step(double rate, Optional<Tensor> notFinite) {
    for (Group group : groups) {
      if (group.parameters().isEmpty()) {
        continue;
      }
      Tensor[] gradients = group.parameters().stream().map(Tensor::grad).toArray(Tensor[]::new);
      FUSED_SGD.call(
          NativeOperator.list(group.values()),
          NativeOperator.list(new TensorVector(gradients)),
          NativeOperator.list(group.momentum()),
          new IValue(group.decay()),
          new IValue(factor),
          new IValue(rate),
          new IValue(0.0), // dampening
          new IValue(true), // Nesterov
          new IValue(false), // maximise
          new IValue(false), // first step
          new IValue(), // gradient scale
          notFinite.map(IValue::new).orElseGet(IValue::new));
    }
  }
}
