package io.github.yolox4j.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.StringSharedModuleDictItem;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;

/**
 * The parameters and buffers of a module by their official keys, in the official order: module by
 * module, parameters before buffers.
 */
public final class StateDict {

  private StateDict() {}

  /**
   * Lists a module's tensors.
   *
   * @param module the module
   * @return the module's own tensors, not copies; the Java objects belong to the innermost open
   *     scope
   */
  public static Map<String, Tensor> of(Module module) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    addOwn(module, "", tensors);
    StringSharedModuleDict children = module.named_modules("", false);
    for (long i = 0; i < children.size(); i++) {
      StringSharedModuleDictItem child = children.get(i);
      addOwn(child.value(), child.key().getString() + ".", tensors);
    }
    return tensors;
  }

  private static void addOwn(Module module, String prefix, Map<String, Tensor> tensors) {
    add(module.named_parameters(false), prefix, tensors);
    add(module.named_buffers(false), prefix, tensors);
  }

  private static void add(StringTensorDict own, String prefix, Map<String, Tensor> tensors) {
    for (long i = 0; i < own.size(); i++) {
      StringTensorDictItem item = own.get(i);
      tensors.put(prefix + item.key().getString(), new Tensor(item.value()));
    }
  }
}
