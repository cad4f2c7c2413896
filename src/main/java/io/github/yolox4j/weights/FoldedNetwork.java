package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A network with BatchNorm folded into its convolutions, in Java memory: what engines are built
 * from. Immutable.
 */
public final class FoldedNetwork {

  private final Network network;
  private final Map<String, FoldedConvolution> convolutions = new LinkedHashMap<>();

  private FoldedNetwork(Network network, Function<Convolution, FoldedConvolution> source) {
    this.network = network;
    for (Convolution convolution : network.convolutions()) {
      convolutions.put(convolution.key(), source.apply(convolution));
    }
  }

  /**
   * Folds the weights of a file.
   *
   * @param spec the model
   * @param weights all of its tensors; may be closed afterwards
   * @return the network
   * @throws YoloxException if the weights do not fit the model or are not finite
   */
  public static FoldedNetwork of(ModelSpec spec, Weights weights) {
    WeightsMatch.of(spec, weights).requireComplete();
    return of(spec, weights.arrays());
  }

  /**
   * Folds arrays.
   *
   * @param spec the model
   * @param arrays every entry of its state dict; may be freed afterwards
   * @return the network
   * @throws YoloxException if a value is not finite
   */
  public static FoldedNetwork of(ModelSpec spec, Map<String, WeightArray> arrays) {
    return new FoldedNetwork(
        Network.of(spec),
        convolution -> {
          FoldedConvolution folded = FoldedConvolution.of(convolution, arrays);
          folded.requireFinite();
          return folded;
        });
  }

  /**
   * Has the network take pictures in another way.
   *
   * @param scaling what its weights were trained with
   * @return the network with the same weights, which is given pictures as they are and scales them
   *     itself
   */
  public FoldedNetwork withScaling(InputScaling scaling) {
    return scaling == InputScaling.NONE
        ? this
        : new FoldedNetwork(Network.of(spec(), scaling), this::of);
  }

  /**
   * Makes a network that has learned nothing, for measuring speed: kernels from a uniform
   * distribution that keeps the size of values from layer to layer, no bias.
   *
   * @param spec the model
   * @param seed the same seed gives the same network
   * @return the network
   */
  public static FoldedNetwork random(ModelSpec spec, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new FoldedNetwork(
        Network.of(spec),
        convolution -> {
          long fan = convolution.weightShape().stream().skip(1).reduce(1L, Math::multiplyExact);
          double bound = Math.sqrt(6.0 / fan);
          float[] weight = new float[Math.toIntExact(fan * convolution.outputChannels())];
          for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) random.nextDouble(-bound, bound);
          }
          return new FoldedConvolution(
              convolution, weight, new float[convolution.outputChannels()]);
        });
  }

  /** {@return the network} */
  public Network network() {
    return network;
  }

  /** {@return the model} */
  public ModelSpec spec() {
    return network.spec();
  }

  /**
   * {@return kernel and bias of a convolution}
   *
   * @param convolution one of the network's
   */
  public FoldedConvolution of(Convolution convolution) {
    return convolutions.get(convolution.key());
  }
}
