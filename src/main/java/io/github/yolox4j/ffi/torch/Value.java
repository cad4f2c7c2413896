package io.github.yolox4j.ffi.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An argument or a result of an operator. Of what libtorch knows, numbers of a type to be found out
 * ({@code Scalar}), generators and dictionaries cannot cross its stable interface.
 */
public sealed interface Value
    permits TensorHandle,
        DType,
        Layout,
        MemoryFormat,
        Device,
        Value.Int,
        Value.Bool,
        Value.Floating,
        Value.Text,
        Value.Items,
        Value.Maybe {

  /**
   * A whole number.
   *
   * @param value the number
   */
  record Int(long value) implements Value {}

  /**
   * A truth value.
   *
   * @param value true or false
   */
  record Bool(boolean value) implements Value {}

  /**
   * A floating-point number.
   *
   * @param value the number
   */
  record Floating(double value) implements Value {}

  /**
   * A string.
   *
   * @param value its characters
   */
  record Text(String value) implements Value {}

  /**
   * A list of values of one kind.
   *
   * @param values in order
   */
  record Items(List<? extends Value> values) implements Value {

    /** Keeps a copy. */
    public Items {
      values = List.copyOf(values);
    }
  }

  /**
   * A value that may be left out.
   *
   * @param value the value, if it is given
   */
  record Maybe(Optional<Value> value) implements Value {
    private static final Maybe NONE = new Maybe(Optional.empty());
  }

  /**
   * A whole number.
   *
   * @param value the number
   * @return the value
   */
  static Value of(long value) {
    return new Int(value);
  }

  /**
   * A truth value.
   *
   * @param value true or false
   * @return the value
   */
  static Value of(boolean value) {
    return new Bool(value);
  }

  /**
   * A floating-point number.
   *
   * @param value the number
   * @return the value
   */
  static Value of(double value) {
    return new Floating(value);
  }

  /**
   * A string.
   *
   * @param value its characters
   * @return the value
   */
  static Value of(String value) {
    return new Text(value);
  }

  /**
   * A list of whole numbers.
   *
   * @param values in order
   * @return the value
   */
  static Value ints(long... values) {
    return new Items(Arrays.stream(values).mapToObj(Int::new).toList());
  }

  /**
   * A list of floating-point numbers.
   *
   * @param values in order
   * @return the value
   */
  static Value floats(double... values) {
    return new Items(Arrays.stream(values).mapToObj(Floating::new).toList());
  }

  /**
   * A list.
   *
   * @param values of one kind, in order
   * @return the value
   */
  static Value list(List<? extends Value> values) {
    return new Items(values);
  }

  /**
   * An optional value that is given.
   *
   * @param value the value
   * @return the optional value
   */
  static Value some(Value value) {
    return new Maybe(Optional.of(value));
  }

  /**
   * An optional value that is left out.
   *
   * @return the optional value
   */
  static Value none() {
    return Maybe.NONE;
  }
}
