package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator of libtorch's dispatcher. Calling it keeps autograd, on the thread's settings. Safe
 * for use by many threads.
 *
 * <p>A call that fails has consumed the handles that it was given if the operator exists, and none
 * if it does not. So that neither is freed twice nor forgotten, the first call makes sure that the
 * operator exists; and what the schema says is what the arguments are checked against, because
 * libtorch takes their 64 bits for whatever the operator expects.
 */
public final class Operator {

  private final Schema schema;
  private final MemorySegment name;
  private final MemorySegment overload;
  private volatile boolean found;

  private Operator(Schema schema) {
    this.schema = schema;
    Arena arena = Arena.ofAuto();
    name = arena.allocateFrom(schema.name());
    overload = arena.allocateFrom(schema.overload());
  }

  /**
   * Makes an operator, which is looked up when it is called first.
   *
   * @param schema its signature exactly as libtorch has it, such as {@code aten::cat(Tensor[]
   *     tensors, int dim=0) -> Tensor}; one that differs in types corrupts memory
   * @return the operator
   * @throws IllegalArgumentException if it is no schema, or one with a type that {@link Value} has
   *     not
   */
  public static Operator of(String schema) {
    Schema parsed = Schema.parse(schema);
    if (Math.max(parsed.arguments().size(), parsed.results().size()) > Scratch.SLOTS) {
      throw new IllegalArgumentException(
          "'%s' has more than %d values".formatted(schema, Scratch.SLOTS));
    }
    return new Operator(parsed);
  }

  private void find() {
    TorchLibrary.load();
    if (!exists(schema)) {
      throw new YoloxException(
          "libtorch %s has no operator %s".formatted(TorchLibrary.version(), this));
    }
    found = true;
  }

  /**
   * Tells whether the dispatcher has an operator. There is no function that asks; but one that
   * defines, which refuses a name that is taken before it changes anything, and whose definition of
   * a name that is free ends with the fragment.
   */
  private static boolean exists(Schema schema) {
    try (Arena arena = Arena.ofConfined()) {
      String namespace = schema.name().substring(0, schema.name().indexOf(':'));
      long fragment =
          StableAbi.newFragment(arena.allocateFrom(namespace), arena.allocateFrom("yolox4j"));
      try {
        return !StableAbi.define(fragment, arena.allocateFrom(schema.qualified() + "() -> ()"));
      } finally {
        StableAbi.deleteFragment(fragment);
      }
    }
  }

  /**
   * Calls the operator.
   *
   * @param arguments every argument of its schema, defaults included; tensors stay the caller's
   * @return its results, whose tensors are the caller's; those of an operator that works in place
   *     are further handles of the tensors that it changed
   * @throws IllegalArgumentException if the arguments are not what the schema has
   * @throws IllegalStateException if a tensor is closed
   * @throws YoloxException if libtorch fails, whose own message cannot be had, has no such
   *     operator, or is not there
   */
  public List<Value> call(Value... arguments) {
    MemorySegment stack = invoke(arguments);
    List<Type> types = schema.results();
    long[] bits = stack.asSlice(0, (long) types.size() * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
    List<Value> results = new ArrayList<>(bits.length);
    for (int i = 0; i < bits.length; i++) {
      results.add(types.get(i).decode(bits[i]));
    }
    return results;
  }

  /**
   * Calls an operator whose only result is a tensor.
   *
   * @param arguments every argument of its schema, defaults included; tensors stay the caller's
   * @return the result, owned by the caller
   * @throws IllegalArgumentException if the arguments are not what the schema has, or its result is
   *     another
   * @throws IllegalStateException if a tensor is closed
   * @throws YoloxException if libtorch fails, whose own message cannot be had, has no such
   *     operator, or is not there
   */
  public TensorHandle tensor(Value... arguments) {
    if (schema.results().size() != 1 || schema.results().getFirst() != Type.Atom.TENSOR) {
      throw new IllegalArgumentException(
          "%s returns %s, not a tensor".formatted(schema.qualified(), schema.results()));
    }
    return TensorHandle.own(invoke(arguments).get(ValueLayout.JAVA_LONG, 0));
  }

  private MemorySegment invoke(Value... arguments) {
    if (!found) {
      find();
    }
    check(arguments);
    MemorySegment stack = Scratch.ofThread().stack();
    int encoded = 0;
    try {
      for (; encoded < arguments.length; encoded++) {
        Type type = schema.arguments().get(encoded).type();
        stack.setAtIndex(ValueLayout.JAVA_LONG, encoded, type.encode(arguments[encoded]));
      }
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < encoded; i++) {
        schema.arguments().get(i).type().release(stack.getAtIndex(ValueLayout.JAVA_LONG, i));
      }
      throw e;
    }
    try {
      if (StableAbi.callDispatcher(name, overload, stack) != 0) {
        throw new YoloxException(
            "libtorch's %s failed on (%s)".formatted(schema.qualified(), describe(arguments)));
      }
      return stack;
    } finally {
      Reference.reachabilityFence(arguments);
    }
  }

  private void check(Value... arguments) {
    int expected = schema.arguments().size();
    if (arguments.length != expected) {
      throw new IllegalArgumentException(
          "%s takes %d arguments, not %d"
              .formatted(schema.qualified(), expected, arguments.length));
    }
    for (int i = 0; i < expected; i++) {
      Schema.Argument argument = schema.arguments().get(i);
      if (!argument.type().accepts(arguments[i])) {
        throw new IllegalArgumentException(
            "argument '%s' of %s is %s, not %s"
                .formatted(argument.name(), schema.qualified(), argument.type(), arguments[i]));
      }
    }
  }

  private String describe(Value... arguments) {
    StringBuilder described = new StringBuilder();
    for (int i = 0; i < arguments.length; i++) {
      described
          .append(i == 0 ? "" : ", ")
          .append(schema.arguments().get(i).name())
          .append(' ')
          .append(arguments[i]);
    }
    return described.toString();
  }

  Schema schema() {
    return schema;
  }

  /** The operator's name and overload. */
  @Override
  public String toString() {
    return schema.qualified();
  }
}
