package io.github.yolox4j.nn;

import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.tensor.LibTorch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.StringSharedModuleDictItem;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;

/**
 * A YOLOX network (arXiv 2107.08430) as {@code torch::nn} modules, which runs the layers that
 * {@link Network} describes.
 *
 * <p>Owns its parameters until {@link #close}, whatever scope is open when it is made. In
 * evaluation mode any number of threads may run it at once.
 */
public final class YoloX extends Module {

  /** The probability of an object, and of each class, that a new head predicts everywhere. */
  private static final double PRIOR = 1e-2;

  private final PointerScope modules;
  private final Network network;
  private final ModuleTree tree;
  private final List<List<Integer>> lastReads;

  private YoloX(Network network, boolean folded, PointerScope modules) {
    this.modules = modules;
    this.network = network;
    this.tree = new ModuleTree(this, network, folded);
    this.lastReads = network.lastReads();
    initialiseBiases();
  }

  /**
   * Makes a network with freshly initialised parameters, in training mode.
   *
   * @param spec the model
   * @return the network, owned by the caller
   */
  public static YoloX create(ModelSpec spec) {
    return create(Network.of(spec));
  }

  /**
   * Makes a network with freshly initialised parameters, in training mode.
   *
   * @param network its description
   * @return the network, owned by the caller
   */
  public static YoloX create(Network network) {
    return build(network, false);
  }

  /**
   * Makes a network for inference, in evaluation mode, whose convolutions have a bias in the place
   * of BatchNorm.
   *
   * @param network its description
   * @return the network, owned by the caller; its parameters are still to be set
   */
  static YoloX createFolded(Network network) {
    YoloX folded = build(network, true);
    folded.eval();
    return folded;
  }

  private static YoloX build(Network network, boolean folded) {
    LibTorch.load();
    PointerScope modules = new PointerScope();
    modules.extend(); // the first close takes it off the thread's stack, the second frees
    try {
      return new YoloX(network, folded, modules);
    } catch (RuntimeException | Error e) {
      modules.close();
      throw e;
    } finally {
      modules.close();
    }
  }

  /** Makes every class and objectness improbable, so that training does not begin with a shock. */
  private void initialiseBiases() {
    try (NoGradGuard _ = new NoGradGuard();
        Scalar bias = new Scalar(-Math.log((1 - PRIOR) / PRIOR))) {
      for (Prediction prediction : network.predictions()) {
        for (Channels logits : List.of(prediction.objectness(), prediction.classes())) {
          Layer.Conv layer = (Layer.Conv) network.layers().get(logits.layer());
          try (Tensor all = tree.bias(layer.convolution());
              Tensor some = all.narrow(0, logits.first(), logits.count())) {
            some.fill_(bias);
          }
        }
      }
    }
  }

  /** {@return what the network was made from} */
  public ModelSpec spec() {
    return network.spec();
  }

  /** {@return the description of what runs} */
  public Network network() {
    return network;
  }

  /**
   * Lists the parameters and buffers by their official keys, in the official order.
   *
   * @return the network's own tensors, not copies; the Java objects belong to the innermost open
   *     scope
   */
  public Map<String, Tensor> stateDict() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    StringSharedModuleDict children = named_modules("", false);
    for (long i = 0; i < children.size(); i++) {
      StringSharedModuleDictItem child = children.get(i);
      String prefix = child.key().getString() + ".";
      add(child.value().named_parameters(false), prefix, tensors);
      add(child.value().named_buffers(false), prefix, tensors);
    }
    return tensors;
  }

  private static void add(StringTensorDict own, String prefix, Map<String, Tensor> tensors) {
    for (long i = 0; i < own.size(); i++) {
      StringTensorDictItem item = own.get(i);
      tensors.put(prefix + item.key().getString(), new Tensor(item.value()));
    }
  }

  /**
   * Runs the network.
   *
   * @param inputs a tensor for each {@link Layer.Input}, for a whole network the pictures: [B, C,
   *     H, W], BGR from 0 to 255, H and W multiples of 32; stay the caller's
   * @return what is predicted, in the network's order, undecoded; owned by the caller
   */
  public List<LevelOutput> forward(Tensor... inputs) {
    List<Layer> layers = network.layers();
    Tensor[] maps = new Tensor[layers.size()];
    List<Tensor> made = new ArrayList<>();
    int given = 0;
    try {
      for (int i = 0; i < maps.length; i++) {
        Layer layer = layers.get(i);
        if (layer instanceof Layer.Input) {
          maps[i] = new Tensor(inputs[given++]);
        } else {
          maps[i] = forward(layer, layer.inputs().stream().map(input -> maps[input]).toList());
        }
        made.add(maps[i]);
        lastReads.get(i).forEach(read -> maps[read].close());
      }
      return outputs(maps);
    } finally {
      made.forEach(Tensor::close); // most are closed, which does no harm
    }
  }

  private Tensor forward(Layer layer, List<Tensor> inputs) {
    Tensor x = inputs.getFirst();
    return switch (layer) {
      case Layer.Input _ -> throw new IllegalStateException("an input has no inputs");
      case Layer.Standardise _ -> PictureLayers.standardise(x);
      case Layer.SpaceToDepth _ -> PictureLayers.spaceToDepth(x);
      case Layer.Conv conv -> tree.forward(conv.convolution(), x);
      case Layer.Add _ -> x.add(inputs.get(1));
      case Layer.Operator operator -> LayerOperators.forward(operator, inputs);
    };
  }

  private List<LevelOutput> outputs(Tensor[] maps) {
    List<LevelOutput> outputs = new ArrayList<>();
    for (Prediction prediction : network.predictions()) {
      outputs.add(
          new LevelOutput(
              prediction,
              part(maps, prediction.boxes()),
              part(maps, prediction.objectness()),
              part(maps, prediction.classes())));
    }
    return outputs;
  }

  private static Tensor part(Tensor[] maps, Channels channels) {
    Tensor map = maps[channels.layer()];
    return channels.count() == map.size(1)
        ? new Tensor(map)
        : map.narrow(1, channels.first(), channels.count());
  }

  /** Frees the parameters. No forward pass may be going on. */
  @Override
  public void close() {
    modules.close();
  }
}
