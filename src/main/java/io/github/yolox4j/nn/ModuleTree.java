package io.github.yolox4j.nn;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Network;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * The modules of a network's convolutions, registered below a root under the keys of the official
 * state dict and in its order.
 */
final class ModuleTree {

  private final Map<String, Module> parents = new HashMap<>(); // kept alive for the native ones
  private final Map<Convolution, BaseConvModule> normalised = new HashMap<>();
  private final Map<Convolution, Conv2dImpl> predictions = new HashMap<>();

  ModuleTree(Module root, Network network, boolean folded) {
    parents.put("", root);
    for (Convolution convolution : network.convolutions()) {
      if (convolution.normalised()) {
        BaseConvModule module = new BaseConvModule(convolution, folded);
        normalised.put(convolution, register(convolution.key(), module));
      } else {
        Conv2dImpl module = BaseConvModule.conv2d(convolution, true);
        predictions.put(convolution, register(convolution.key(), module));
      }
    }
  }

  private <M extends Module> M register(String key, M module) {
    int dot = key.lastIndexOf('.');
    String path = key.substring(0, Math.max(0, dot));
    Module parent = parents.get(path);
    if (parent == null) {
      parent = register(path, new Module());
      parents.put(path, parent);
    }
    return parent.register_module(key.substring(dot + 1), module);
  }

  /** Runs a convolution with what follows it; the result is the caller's. */
  Tensor forward(Convolution convolution, Tensor x) {
    return convolution.normalised()
        ? normalised.get(convolution).forward(x)
        : predictions.get(convolution).forward(x);
  }

  /** The bias of a convolution without BatchNorm; a Java object of its own. */
  Tensor bias(Convolution prediction) {
    return predictions.get(prediction).bias();
  }
}
