package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network with BatchNorm folded into its convolutions, in Java memory: what engines are built
 * from. Immutable.
 */
public final class FoldedNetwork {

  private final Network network;
  private final Map<String, FoldedConvolution> convolutions = new LinkedHashMap<>();

  private FoldedNetwork(Network network, Map<String, WeightArray> arrays) {
    this.network = network;
    for (Convolution convolution : network.convolutions()) {
      FoldedConvolution folded = FoldedConvolution.of(convolution, arrays);
      folded.requireFinite();
      convolutions.put(convolution.key(), folded);
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
    return new FoldedNetwork(Network.of(spec), arrays);
  }

  /**
   * Returns the layers.
   *
   * @return the network
   */
  public Network network() {
    return network;
  }

  /**
   * Returns the model.
   *
   * @return its specification
   */
  public ModelSpec spec() {
    return network.spec();
  }

  /**
   * Returns the weights of a convolution.
   *
   * @param convolution one of the network's
   * @return kernel and bias
   */
  public FoldedConvolution of(Convolution convolution) {
    return convolutions.get(convolution.key());
  }
}
