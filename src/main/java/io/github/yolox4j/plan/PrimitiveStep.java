package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.Primitive;
import java.util.ArrayList;
import java.util.List;

/** One of oneDNN's primitives with the places of its tensors. */
final class PrimitiveStep implements Step {

  private final String name;
  private final Primitive primitive;
  private final List<Tensor> tensors;

  PrimitiveStep(String name, Primitive primitive, Tensor... tensors) {
    this.name = name;
    this.primitive = primitive;
    this.tensors = List.of(tensors);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String implementation() {
    return primitive.implementation();
  }

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

  /** Several steps as one. */
  static Step sequence(String name, List<? extends Step> steps) {
    return new Step() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String implementation() {
        return steps.getFirst().implementation();
      }

      @Override
      public long scratchBytes() {
        return steps.stream().mapToLong(Step::scratchBytes).max().orElse(0);
      }

      @Override
      public Runnable bind(Workspace workspace) {
        List<Runnable> runs = new ArrayList<>();
        steps.forEach(step -> runs.add(step.bind(workspace)));
        return () -> runs.forEach(Runnable::run);
      }
    };
  }
}
