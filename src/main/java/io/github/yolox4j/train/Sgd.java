package io.github.yolox4j.train;

import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.StateEntry.Role;
import io.github.yolox4j.tensor.SharedTensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Stochastic gradient descent with Nesterov momentum, as PyTorch computes it, in one pass over
 * memory for each of the three parameter groups: BatchNorm weights, other weights (these decay) and
 * biases. The momentum belongs to the scope in which this was made.
 */
final class Sgd {

  private static final Operator FUSED_SGD =
      Operator.of(
          "aten::_fused_sgd_(Tensor(a!)[] self, Tensor(b!)[] grads,"
              + " Tensor(c!)[] momentum_buffer_list, *, float weight_decay, float momentum,"
              + " float lr, float dampening, bool nesterov, bool maximize, bool is_first_step,"
              + " Tensor? grad_scale=None, Tensor? found_inf=None) -> ()");

  /** Parameters and their momentum; the lists are made once. */
  private record Group(List<Tensor> parameters, Value values, Value momentum, double decay) {

    List<Tensor> gradients() {
      return parameters.stream().map(Tensor::grad).toList();
    }
  }

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
              SharedTensors.list(List.copyOf(parameters.values())),
              SharedTensors.list(parameters.keySet().stream().map(momentum::get).toList()),
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
  List<Tensor> gradients() {
    return groups.stream().flatMap(group -> group.gradients().stream()).toList();
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
      FUSED_SGD.call(
          group.values(),
          SharedTensors.list(group.gradients()),
          group.momentum(),
          Value.of(group.decay()),
          Value.of(factor),
          Value.of(rate),
          Value.of(0.0), // dampening
          Value.of(true), // Nesterov
          Value.of(false), // maximise
          Value.of(false), // first step
          Value.none(), // gradient scale
          new Value.Maybe(notFinite.map(SharedTensors::borrow)));
    }
  }
}
