package io.github.yolox4j.ffi.dnnl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a primitive does with its result before it writes it, in order. Immutable.
 *
 * @param accumulatesFirst adds to what the target holds, before the activation
 * @param activation the activation
 * @param accumulatesLast adds to what the target holds, after the activation
 */
public record Attributes(
    boolean accumulatesFirst, PostActivation activation, boolean accumulatesLast) {

  /** The plain result. */
  public static final Attributes NONE = new Attributes(false, PostActivation.NONE, false);

  private static final int SCRATCHPAD_BY_USER = 1;
  private static final int AS_TARGET = 0;

  /** oneDNN's object for these. */
  MemorySegment create(Arena arena) {
    MemorySegment steps =
        Handles.create(
            arena,
            "make post-operations",
            Calls.POST_OPS_DESTROY,
            result -> (int) Calls.POST_OPS.invokeExact(result));
    if (accumulatesFirst) {
      appendSum(steps);
    }
    if (activation != PostActivation.NONE) {
      Handles.check(
          "append an activation",
          () ->
              (int)
                  Calls.POST_OPS_ELTWISE.invokeExact(
                      steps, activation.code(), activation.alpha(), 0f));
    }
    if (accumulatesLast) {
      appendSum(steps);
    }
    MemorySegment attributes =
        Handles.create(
            arena,
            "make attributes",
            Calls.ATTRIBUTES_DESTROY,
            result -> (int) Calls.ATTRIBUTES.invokeExact(result));
    Handles.check(
        "set post-operations",
        () -> (int) Calls.ATTRIBUTES_POST_OPS.invokeExact(attributes, steps));
    Handles.check(
        "set the scratchpad's mode",
        () -> (int) Calls.ATTRIBUTES_SCRATCHPAD.invokeExact(attributes, SCRATCHPAD_BY_USER));
    return attributes;
  }

  private static void appendSum(MemorySegment steps) {
    Handles.check(
        "append a sum", () -> (int) Calls.POST_OPS_SUM.invokeExact(steps, 1f, 0, AS_TARGET));
  }
}
