package io.github.yolox4j.train;

import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.model.StateEntry.Role;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The tensors of a network by their part in training. The Java objects belong to the scope in which
 * this was made.
 *
 * @param network the network
 * @param state every tensor by its key, in the official order
 * @param parameters by role the parameters that are trained
 */
record TrainableNetwork(
    YoloX network, Map<String, Tensor> state, Map<Role, Map<String, Tensor>> parameters) {

  /** The order of the reference's three parameter groups. */
  static final List<Role> GROUPS = List.of(Role.NORM_WEIGHT, Role.WEIGHT, Role.BIAS);

  static TrainableNetwork of(YoloX network) {
    Map<String, Tensor> state = network.stateDict();
    Map<Role, Map<String, Tensor>> parameters = new LinkedHashMap<>();
    for (Role role : GROUPS) {
      parameters.put(role, new LinkedHashMap<>());
    }
    for (StateEntry entry : Network.of(network.spec()).stateDict()) {
      Tensor tensor = state.get(entry.key());
      if (entry.role().trained() && tensor.requires_grad()) {
        parameters.get(entry.role()).put(entry.key(), tensor);
      }
    }
    return new TrainableNetwork(network, state, parameters);
  }

  /** What is trained, in the network's order. */
  List<Tensor> trained() {
    return state.keySet().stream()
        .flatMap(key -> parameters.values().stream().map(group -> group.get(key)))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The running means and variances of BatchNorm. */
  List<Tensor> statistics() {
    return Network.of(network.spec()).stateDict().stream()
        .filter(entry -> entry.role() == Role.STATISTIC)
        .map(entry -> state.get(entry.key()))
        .toList();
  }

  /** The tensors that an average is kept of: parameters and statistics, but no counters. */
  Map<String, Tensor> floating() {
    Map<String, Tensor> floating = new LinkedHashMap<>();
    state.forEach(
        (key, tensor) -> {
          if (Tensors.type(tensor) != ScalarType.Long) {
            floating.put(key, tensor);
          }
        });
    return floating;
  }
}
