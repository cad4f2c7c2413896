package io.github.yolox4j.nn;

import io.github.yolox4j.model.Backbone;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.LibTorch;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A YOLOX network (arXiv 2107.08430): backbone, neck and decoupled head as {@code torch::nn}
 * modules.
 *
 * <p>Owns its parameters until {@link #close}, whatever scope is open when it is made. In
 * evaluation mode any number of threads may run it at once.
 */
public final class YoloX extends Module {

  private final PointerScope modules;
  private final ModelSpec spec;
  private final boolean folded;
  private final FeatureExtractor features;
  private final YoloxHead head;

  private YoloX(ModelSpec spec, boolean folded, PointerScope modules) {
    this.modules = modules;
    this.spec = spec;
    this.folded = folded;
    Style style = Style.of(spec, folded);
    int[] channels;
    if (spec.backbone() == Backbone.CSP_DARKNET) {
      features = register_module("backbone", new YoloPafpn(spec, style));
      channels = new int[] {spec.scaled(256), spec.scaled(512), spec.scaled(1024)};
    } else {
      features = register_module("backbone", new YoloFpn(spec, style));
      channels = new int[] {128, 256, 512};
    }
    head = register_module("head", YoloxHead.of(spec, channels, style));
  }

  /**
   * Makes a network with freshly initialised parameters, in training mode.
   *
   * @param spec the model
   * @return the network, owned by the caller
   */
  public static YoloX create(ModelSpec spec) {
    return build(spec, false);
  }

  /**
   * Makes a network for inference, in evaluation mode, whose convolutions have a bias in the place
   * of BatchNorm.
   *
   * @param spec the model
   * @return the network, owned by the caller; its parameters are still to be set
   */
  static YoloX createFolded(ModelSpec spec) {
    YoloX network = build(spec, true);
    network.eval();
    return network;
  }

  private static YoloX build(ModelSpec spec, boolean folded) {
    LibTorch.load();
    PointerScope modules = new PointerScope();
    modules.extend(); // the first close takes it off the thread's stack, the second frees
    try {
      return new YoloX(spec, folded, modules);
    } catch (RuntimeException | Error e) {
      modules.close();
      throw e;
    } finally {
      modules.close();
    }
  }

  /**
   * Returns what the network was made from.
   *
   * @return the specification
   */
  public ModelSpec spec() {
    return spec;
  }

  /**
   * Tells whether BatchNorm is folded into the convolutions.
   *
   * @return true for a network that is for inference only
   */
  public boolean folded() {
    return folded;
  }

  /**
   * Runs the network.
   *
   * @param pictures [B, C, H, W], BGR from 0 to 255, H and W multiples of 32
   * @return the predictions at strides 8, 16, 32, undecoded; owned by the caller
   */
  public List<LevelOutput> forward(Tensor pictures) {
    try (Features maps = features.forward(pictures)) {
      return head.forward(maps);
    }
  }

  /** Frees the parameters. No forward pass may be going on. */
  @Override
  public void close() {
    modules.close();
  }
}
