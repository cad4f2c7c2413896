package io.github.yolox4j.model;

import java.util.List;

/**
 * A model's layers, derived from its specification: the forward pass step by step, every
 * convolution with its state-dict key, and what is predicted where. Immutable.
 *
 * @param spec what it was derived from
 * @param layers the forward pass; a layer reads only earlier ones
 * @param convolutions every convolution in the order of the official state dict
 * @param levels the predictions, strides 8, 16, 32
 */
public record Network(
    ModelSpec spec, List<Layer> layers, List<Convolution> convolutions, List<Level> levels) {

  /** Picture pixels per anchor point of the three levels. */
  public static final List<Integer> STRIDES = List.of(8, 16, 32);

  /**
   * The predictions of one stride.
   *
   * @param stride picture pixels per anchor point
   * @param boxes the layer with the four box values
   * @param objectness the layer with the objectness logit
   * @param classes the layer with the class logits
   */
  public record Level(int stride, int boxes, int objectness, int classes) {}

  /**
   * Derives the layers of a model.
   *
   * @param spec the specification
   * @return its network
   */
  public static Network of(ModelSpec spec) {
    return new NetworkBuilder(spec).build();
  }

  /**
   * Returns every tensor of the state dict in the official order.
   *
   * @return keys, shapes and roles
   */
  public List<StateEntry> stateDict() {
    return convolutions.stream().flatMap(c -> c.entries().stream()).toList();
  }

  /**
   * Returns the convolutions in the order in which they run.
   *
   * @return the same convolutions as {@link #convolutions()}
   */
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
