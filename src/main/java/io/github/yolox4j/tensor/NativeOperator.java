package io.github.yolox4j.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;

/**
 * An operator of libtorch that has no method of its own in Java and takes a {@code Scalar}, which
 * {@link io.github.yolox4j.ffi.torch.Operator} cannot pass. Keeps autograd. Safe for use by many
 * threads.
 */
public final class NativeOperator {

  private final OperatorHandle handle;

  private NativeOperator(OperatorHandle handle) {
    this.handle = handle;
  }

  /**
   * Looks an operator up.
   *
   * @param name such as {@code aten::_foreach_lerp_}
   * @param overload such as {@code Scalar}, or empty
   * @return the operator
   */
  public static NativeOperator of(String name, String overload) {
    LibTorch.load();
    OperatorHandle handle = Dispatcher.singleton().findSchemaOrThrow(name, overload);
    handle.retainReference(); // outlives the scope that is open now
    return new NativeOperator(handle);
  }

  /**
   * Calls an operator that changes its arguments and returns nothing.
   *
   * @param arguments every argument of its schema, defaults included; freed by this
   */
  public void call(IValue... arguments) {
    try (IValueVector stack = new IValueVector(arguments)) {
      handle.callBoxed(stack);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  /**
   * Makes an argument of a list of tensors.
   *
   * @param tensors the tensors, which are shared with the list
   * @return the argument, owned by the caller
   */
  public static IValue list(TensorVector tensors) {
    try (TensorList list = new TensorList(tensors);
        Pointer address = new Pointer(list);
        GenericList generic = new GenericList(address)) {
      return new IValue(generic);
    }
  }
}
