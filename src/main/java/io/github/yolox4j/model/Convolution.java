package io.github.yolox4j.model;

import java.util.List;
import java.util.Optional;

/**
 * A convolution of a network: either followed by BatchNorm and an activation, or a bare prediction
 * layer with a bias.
 *
 * @param key the state-dict prefix, for example {@code backbone.C3_p4.conv1}
 * @param inputChannels channels read
 * @param outputChannels channels written
 * @param kernel side of the square kernel
 * @param step the convolution's stride
 * @param groups 1, or the number of channels for a depthwise convolution
 * @param activation the activation after BatchNorm; nothing for a prediction layer
 */
public record Convolution(
    String key,
    int inputChannels,
    int outputChannels,
    int kernel,
    int step,
    int groups,
    Optional<Activation> activation) {

  /** What BatchNorm adds to a variance. */
  public static final double NORM_EPSILON = 1e-3;

  /** {@return the zeros around the map that is read: (kernel - 1) / 2} */
  public int padding() {
    return (kernel - 1) / 2;
  }

  /**
   * Tells whether BatchNorm follows.
   *
   * @return true for every convolution but the prediction layers
   */
  public boolean normalised() {
    return activation.isPresent();
  }

  /** {@return the state-dict key of the kernel} */
  public String weightKey() {
    return normalised() ? key + ".conv.weight" : key + ".weight";
  }

  /** {@return the state-dict key of a prediction layer's bias} */
  public String biasKey() {
    return key + ".bias";
  }

  /**
   * {@return the state-dict key of a tensor of the BatchNorm that follows}
   *
   * @param tensor for example {@code running_mean}
   */
  public String normKey(String tensor) {
    return key + ".bn." + tensor;
  }

  /** {@return the kernel's shape: [output channels, input channels / groups, kernel, kernel]} */
  public List<Long> weightShape() {
    return List.of(
        (long) outputChannels, (long) inputChannels / groups, (long) kernel, (long) kernel);
  }

  /** {@return what the state dict holds of this convolution, in the official order} */
  public List<StateEntry> entries() {
    List<Long> channels = List.of((long) outputChannels);
    StateEntry weight = new StateEntry(weightKey(), weightShape(), StateEntry.Role.WEIGHT);
    if (!normalised()) {
      return List.of(weight, new StateEntry(biasKey(), channels, StateEntry.Role.BIAS));
    }
    return List.of(
        weight,
        new StateEntry(normKey("weight"), channels, StateEntry.Role.NORM_WEIGHT),
        new StateEntry(normKey("bias"), channels, StateEntry.Role.BIAS),
        new StateEntry(normKey("running_mean"), channels, StateEntry.Role.STATISTIC),
        new StateEntry(normKey("running_var"), channels, StateEntry.Role.STATISTIC),
        new StateEntry(normKey("num_batches_tracked"), List.of(), StateEntry.Role.COUNTER));
  }
}
