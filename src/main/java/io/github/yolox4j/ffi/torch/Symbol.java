package io.github.yolox4j.ffi.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;

/**
 * The functions of libtorch that are called; {@code native-config/libtorch-symbols.txt} says what
 * for. Handles, which are opaque, are passed as longs; memory that Java reads or writes as
 * segments.
 */
enum Symbol {
  ABI_VERSION("aoti_torch_abi_version", FunctionDescriptor.of(JAVA_LONG), false),
  NEW_TENSOR_HANDLE("aoti_torch_new_tensor_handle", true, JAVA_LONG, ADDRESS),
  DELETE_TENSOR("aoti_torch_delete_tensor_object", false, JAVA_LONG),
  GET_DIM("aoti_torch_get_dim", true, JAVA_LONG, ADDRESS),
  GET_SIZES("aoti_torch_get_sizes", true, JAVA_LONG, ADDRESS),
  GET_STRIDES("aoti_torch_get_strides", true, JAVA_LONG, ADDRESS),
  GET_DTYPE("aoti_torch_get_dtype", true, JAVA_LONG, ADDRESS),
  GET_DEVICE_TYPE("aoti_torch_get_device_type", true, JAVA_LONG, ADDRESS),
  GET_DEVICE_INDEX("aoti_torch_get_device_index", true, JAVA_LONG, ADDRESS),
  GET_DATA("aoti_torch_get_data_ptr", true, JAVA_LONG, ADDRESS),
  TENSOR_FROM_BLOB(
      "aoti_torch_create_tensor_from_blob",
      false,
      ADDRESS,
      JAVA_LONG,
      ADDRESS,
      ADDRESS,
      JAVA_LONG,
      JAVA_INT,
      JAVA_INT,
      JAVA_INT,
      ADDRESS),
  THREADS("torch_get_num_threads", true, ADDRESS),
  CALL_DISPATCHER("torch_call_dispatcher", false, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG),
  NEW_LIST("torch_new_list_reserve_size", true, JAVA_LONG, ADDRESS),
  LIST_PUSH_BACK("torch_list_push_back", true, JAVA_LONG, JAVA_LONG),
  LIST_SIZE("torch_list_size", true, JAVA_LONG, ADDRESS),
  LIST_GET_ITEM("torch_list_get_item", true, JAVA_LONG, JAVA_LONG, ADDRESS),
  DELETE_LIST("torch_delete_list", true, JAVA_LONG),
  NEW_STRING("torch_new_string_handle", true, ADDRESS, JAVA_LONG, ADDRESS),
  STRING_LENGTH("torch_string_length", true, JAVA_LONG, ADDRESS),
  STRING_DATA("torch_string_c_str", true, JAVA_LONG, ADDRESS),
  DELETE_STRING("torch_delete_string", true, JAVA_LONG),
  NEW_FRAGMENT("aoti_torch_library_init_fragment", false, ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
  DEFINE_SCHEMA("aoti_torch_library_def", false, JAVA_LONG, ADDRESS),
  DELETE_FRAGMENT("aoti_torch_delete_library_object", false, JAVA_LONG),
  ADD("aoti_torch_cpu_add_Tensor", false, JAVA_LONG, JAVA_LONG, JAVA_DOUBLE, ADDRESS),
  CONVOLUTION(
      "aoti_torch_cpu_mkldnn__convolution_pointwise",
      false,
      JAVA_LONG,
      JAVA_LONG,
      ADDRESS,
      ADDRESS,
      JAVA_LONG,
      ADDRESS,
      JAVA_LONG,
      ADDRESS,
      JAVA_LONG,
      JAVA_LONG,
      ADDRESS,
      ADDRESS,
      JAVA_LONG,
      ADDRESS,
      ADDRESS);

  private final String exported;
  private final FunctionDescriptor descriptor;
  private final boolean trivial;

  Symbol(String exported, FunctionDescriptor descriptor, boolean trivial) {
    this.exported = exported;
    this.descriptor = descriptor;
    this.trivial = trivial;
  }

  /** A function that returns 0, or 1 for a failure. */
  Symbol(String exported, boolean trivial, MemoryLayout... arguments) {
    this(exported, FunctionDescriptor.of(JAVA_INT, arguments), trivial);
  }

  /** The name in the library's symbol table. */
  String exported() {
    return exported;
  }

  FunctionDescriptor descriptor() {
    return descriptor;
  }

  /**
   * What never runs long nor calls back need not tell the JVM that the thread is in native code.
   */
  Linker.Option[] options() {
    return trivial ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
  }
}
