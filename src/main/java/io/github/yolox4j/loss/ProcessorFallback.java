package io.github.yolox4j.loss;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.tensor.Waiting;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Repeats an assignment on the CPU when the device runs out of memory, and says so once. */
final class ProcessorFallback implements Assigner {

  private final Assigner assigner;
  private final ComputeDevice device;
  private final Consumer<String> notices;
  private final AtomicBoolean told = new AtomicBoolean();

  ProcessorFallback(Assigner assigner, ComputeDevice device, Consumer<String> notices) {
    this.assigner = assigner;
    this.device = device;
    this.notices = notices;
  }

  @Override
  public Assignment assign(GridPredictions predictions, Targets targets) {
    try (Scope scope = new Scope()) { // what a failed attempt took is free for what follows
      return assigner.assign(predictions, targets).outliving(scope);
    } catch (RuntimeException e) {
      if (!LibTorch.outOfMemory(e)) {
        throw e;
      }
      if (!told.getAndSet(true)) {
        notices.accept(
            "The device has too little memory for the label assignment; the CPU does it instead");
      }
    }
    try (Waiting _ = device.waiting()) {
      return assigner
          .assign(predictions.onProcessor(), targets.onProcessor())
          .mapped(part -> Tensors.sentTo(part, predictions.raw()));
    }
  }
}
