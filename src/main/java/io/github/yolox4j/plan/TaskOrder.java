package io.github.yolox4j.plan;

import io.github.yolox4j.model.Convolution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Orders what is computed: convolutions of one map whose results lie side by side become one. */
final class TaskOrder {

  private final Placement placement;
  private final List<Task> tasks = new ArrayList<>();
  private final Set<Operation> done = new HashSet<>();
  private final Set<Integer> joined = new HashSet<>();

  private TaskOrder(Placement placement) {
    this.placement = placement;
  }

  /** Returns the tasks in the order in which they run. */
  static List<Task> of(Placement placement) {
    TaskOrder order = new TaskOrder(placement);
    placement.uses().operations().forEach(order::add);
    return order.tasks;
  }

  private void add(Operation operation) {
    if (done.contains(operation)) {
      return;
    }
    for (int source : operation.sources()) {
      if (joined.add(source)) {
        tasks.addAll(placement.copies(source));
      }
    }
    switch (operation) {
      case Operation.Picture(int target, boolean focused, boolean standardised) ->
          tasks.add(new Task.Picture(focused, standardised, placement.region(target)));
      case Operation.Convolve convolve -> convolve(convolve);
      case Operation.Apply apply ->
          tasks.add(
              new Task.Apply(
                  apply.layer(),
                  placement.region(apply.source()),
                  placement.region(apply.target())));
    }
  }

  private void convolve(Operation.Convolve convolve) {
    Region target = placement.region(convolve.target());
    convolve
        .residual()
        .map(placement::region)
        .filter(term -> !term.equals(target))
        .ifPresent(term -> tasks.add(new Task.Copy(term, target)));
    List<Convolution> convolutions = new ArrayList<>(List.of(convolve.convolution()));
    Region written = target;
    for (Operation.Convolve twin : placement.uses().convolutions()) {
      Region beside = placement.region(twin.target());
      if (!twin.equals(convolve)
          && convolve.mergesWith(twin)
          && placement.uses().method(twin.convolution()).besideOthers()
          && written.followedBy(beside)) {
        convolutions.add(twin.convolution());
        written = written.with(beside);
        done.add(twin);
      }
    }
    tasks.add(
        new Task.Convolve(
            List.copyOf(convolutions),
            placement.uses().method(convolve.convolution()),
            placement.region(convolve.source()),
            convolve.residual().isPresent(),
            written));
  }
}
