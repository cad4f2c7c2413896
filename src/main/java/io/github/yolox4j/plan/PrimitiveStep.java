package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.Primitive;
import java.util.List;

/**
 * One of oneDNN's primitives with the places of its tensors.
 *
 * @param primitive the primitive
 * @param tensors all but the scratchpad
 */
record PrimitiveStep(Primitive primitive, List<Tensor> tensors) implements Step {

  @Override
  public long scratchBytes() {
    return primitive.scratchpadBytes();
  }

  @Override
  public Runnable bind(Workspace workspace) {
    var execution = primitive.bind(workspace.arena());
    for (Tensor tensor : tensors) {
      execution.with(tensor.argument(), tensor.layout(), tensor.place().in(workspace));
    }
    return execution.withScratchpad(workspace.scratchMemory()).build()::run;
  }
}
