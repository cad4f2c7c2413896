package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The C functions, looked up once; those that describe an operation are with it. Those that return
 * an int return a status, 0 for success, and store what they make where their first argument
 * points.
 */
@SuppressWarnings("restricted")
final class Calls {

  private static final SymbolLookup LIBRARY = OneDnnLibrary.open();

  static final MethodHandle VERSION = handle("dnnl_version", ADDRESS);
  static final MethodHandle EFFECTIVE_ISA = handle("dnnl_get_effective_cpu_isa", JAVA_INT);
  static final MethodHandle STATUS_NAME = handle("dnnl_status2str", ADDRESS, JAVA_INT);

  static final MethodHandle ENGINE = status("engine_create", ADDRESS, JAVA_INT, JAVA_LONG);
  static final MethodHandle STREAM = status("stream_create", ADDRESS, ADDRESS, JAVA_INT);
  static final MethodHandle STREAM_DESTROY = status("stream_destroy", ADDRESS);

  static final MethodHandle LAYOUT_WITH_TAG =
      status("memory_desc_create_with_tag", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle LAYOUT_WITH_STRIDES =
      status("memory_desc_create_with_strides", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  static final MethodHandle LAYOUT_CLONE = status("memory_desc_clone", ADDRESS, ADDRESS);
  static final MethodHandle LAYOUT_EQUAL =
      handle("dnnl_memory_desc_equal", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle LAYOUT_BYTES = handle("dnnl_memory_desc_get_size", JAVA_LONG, ADDRESS);
  static final MethodHandle LAYOUT_DESTROY = status("memory_desc_destroy", ADDRESS);

  static final MethodHandle MEMORY = status("memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle MEMORY_SET_DATA = status("memory_set_data_handle", ADDRESS, ADDRESS);
  static final MethodHandle MEMORY_DESTROY = status("memory_destroy", ADDRESS);

  static final MethodHandle POST_OPS = status("post_ops_create", ADDRESS);
  static final MethodHandle POST_OPS_ELTWISE =
      status("post_ops_append_eltwise", ADDRESS, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT);
  static final MethodHandle POST_OPS_SUM =
      status("post_ops_append_sum", ADDRESS, JAVA_FLOAT, JAVA_INT, JAVA_INT);
  static final MethodHandle POST_OPS_DESTROY = status("post_ops_destroy", ADDRESS);
  static final MethodHandle ATTRIBUTES = status("primitive_attr_create", ADDRESS);
  static final MethodHandle ATTRIBUTES_POST_OPS =
      status("primitive_attr_set_post_ops", ADDRESS, ADDRESS);
  static final MethodHandle ATTRIBUTES_SCRATCHPAD =
      status("primitive_attr_set_scratchpad_mode", ADDRESS, JAVA_INT);
  static final MethodHandle ATTRIBUTES_DESTROY = status("primitive_attr_destroy", ADDRESS);

  static final MethodHandle DESCRIPTOR_LAYOUT =
      handle("dnnl_primitive_desc_query_md", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle DESCRIPTOR_QUERY =
      status("primitive_desc_query", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  static final MethodHandle DESCRIPTOR_DESTROY = status("primitive_desc_destroy", ADDRESS);
  static final MethodHandle PRIMITIVE = status("primitive_create", ADDRESS, ADDRESS);
  static final MethodHandle PRIMITIVE_DESTROY = status("primitive_destroy", ADDRESS);
  static final MethodHandle EXECUTE =
      status("primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);

  static final MethodHandle SET_THREADS = nothing("omp_set_num_threads", JAVA_INT);
  static final MethodHandle PARALLEL =
      nothing("GOMP_parallel", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);

  private Calls() {}

  static MethodHandle status(String name, MemoryLayout... arguments) {
    return handle("dnnl_" + name, JAVA_INT, arguments);
  }

  private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.of(result, arguments));
  }

  private static MethodHandle nothing(String name, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.ofVoid(arguments));
  }

  private static MethodHandle link(String name, FunctionDescriptor signature) {
    MemorySegment function =
        LIBRARY
            .find(name)
            .orElseThrow(
                () ->
                    new YoloxException(
                        "oneDNN has no function %s; expected the library of %s"
                            .formatted(name, OneDnnLibrary.ARTIFACT)));
    return Linker.nativeLinker().downcallHandle(function, signature);
  }
}
