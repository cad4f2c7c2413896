package io.github.yolox4j.model;

import io.github.yolox4j.YoloxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network as it is: the forward pass layer by layer, every convolution with its state-dict key,
 * and what is predicted where. Everything that runs, writes or counts a network reads this.
 * Immutable.
 *
 * @param spec what it was made from
 * @param layers the forward pass; a layer reads only earlier ones
 * @param convolutions every convolution in the order of the official state dict
 * @param predictions what the head predicts, in the order of the flattened output
 */
public record Network(
    ModelSpec spec,
    List<Layer> layers,
    List<Convolution> convolutions,
    List<Prediction> predictions) {

  /**
   * Describes a model's network.
   *
   * @param spec the model
   * @return its network, which reads pictures as they are
   */
  public static Network of(ModelSpec spec) {
    return of(spec, InputScaling.NONE);
  }

  /**
   * Describes a model's network.
   *
   * @param spec the model
   * @param scaling what becomes of a picture first
   * @return its network
   * @throws YoloxException if the scaling is not for the model's number of channels
   */
  public static Network of(ModelSpec spec, InputScaling scaling) {
    if (scaling == InputScaling.LEGACY && spec.inputChannels() != InputScaling.MEAN.size()) {
      throw new YoloxException(
          "Model %s reads %d channels; the legacy scaling needs %d"
              .formatted(spec.name(), spec.inputChannels(), InputScaling.MEAN.size()));
    }
    Key root = Key.root(spec);
    Key features = root.child("backbone");
    FeatureExtractor extractor =
        spec.backbone() == Backbone.CSP_DARKNET ? new YoloPafpn(features) : new YoloFpn(features);
    YoloxHead head = new YoloxHead(root.child("head"), extractor.channels());

    List<Layer> layers = new ArrayList<>(List.of(new Layer.Input(spec.inputChannels(), 1)));
    FeatureMap picture = new FeatureMap(layers, 0);
    if (scaling == InputScaling.LEGACY) {
      picture = picture.then(new Layer.Standardise(0, spec.inputChannels()));
    }
    List<Prediction> predictions = head.forward(extractor.forward(picture));
    return new Network(spec, layers, root.declared(), predictions);
  }

  /** Keeps copies. */
  public Network {
    layers = List.copyOf(layers);
    convolutions = List.copyOf(convolutions);
    predictions = List.copyOf(predictions);
  }

  /**
   * Tells whether pictures are scaled before the first convolution.
   *
   * @return true where {@link Layer.Standardise} is among the layers
   */
  public boolean standardised() {
    return layers.stream().anyMatch(Layer.Standardise.class::isInstance);
  }

  /**
   * {@return the strides of the predictions: picture pixels per cell, each stride once, finest
   * first}
   */
  public List<Integer> strides() {
    return predictions.stream().map(Prediction::stride).distinct().toList();
  }

  /** {@return the positions of the layers that are predicted, each once} */
  public List<Integer> outputs() {
    return predictions.stream()
        .flatMap(prediction -> prediction.parts().stream())
        .map(Channels::layer)
        .distinct()
        .toList();
  }

  /**
   * Tells when results can be freed.
   *
   * @return for each layer the earlier ones that it reads and nothing after it does; outputs are in
   *     none
   */
  public List<List<Integer>> lastReads() {
    Set<Integer> needed = new HashSet<>(outputs());
    List<List<Integer>> last = new ArrayList<>();
    for (Layer layer : layers.reversed()) {
      last.add(layer.inputs().stream().distinct().filter(needed::add).toList());
    }
    return last.reversed();
  }

  /** {@return every tensor of the state dict in the official order: keys, shapes and roles} */
  public List<StateEntry> stateDict() {
    return convolutions.stream().flatMap(c -> c.entries().stream()).toList();
  }

  /** {@return {@link #convolutions()} in the order in which they run} */
  public List<Convolution> executionOrder() {
    return layers.stream()
        .filter(Layer.Conv.class::isInstance)
        .map(l -> ((Layer.Conv) l).convolution())
        .toList();
  }

  /**
   * Counts the trained parameters.
   *
   * @return weights and biases, without BatchNorm's statistics
   */
  public long parameters() {
    return stateDict().stream()
        .filter(e -> e.role().trained())
        .mapToLong(StateEntry::elements)
        .sum();
  }

  /**
   * Counts the floating-point operations of a forward pass the way the published figures do: twice
   * the multiply-accumulates of the convolutions plus two per BatchNorm output plus one per leaky
   * ReLU output; other activations are not counted.
   *
   * @param height the picture's height, a multiple of 32
   * @param width the picture's width, a multiple of 32
   * @return operations for one picture
   */
  public long flops(int height, int width) {
    long operations = 0;
    for (Layer layer : layers) {
      if (layer instanceof Layer.Conv(Convolution conv, int _, int stride)) {
        long pixels = (long) (height / stride) * (width / stride);
        long kernel = (long) conv.kernel() * conv.kernel() * conv.inputChannels() / conv.groups();
        long perOutput = kernel + (conv.normalised() ? 2 : 0);
        if (conv.activation().filter(a -> a == Activation.LRELU).isPresent()) {
          perOutput++;
        }
        operations += 2 * pixels * conv.outputChannels() * perOutput;
      }
    }
    return operations;
  }
}
