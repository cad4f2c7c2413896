package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/** The functions of the table, in its order: the C++ struct {@code EntryPoints}. */
enum EntryPoint {
  OPEN("open", ADDRESS, ADDRESS, ADDRESS),
  DETECT("detect", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
  DETECT_FILE("detectFile", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
  FORWARD("forward", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS),
  DESCRIBE("describe", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS),
  CLOSE("close", JAVA_LONG, ADDRESS);

  private final String method;
  private final FunctionDescriptor descriptor;

  EntryPoint(String method, MemoryLayout... arguments) {
    this.method = method;
    this.descriptor = FunctionDescriptor.of(JAVA_INT, arguments);
  }

  /** The name of the method of {@link EntryPoints}. */
  String method() {
    return method;
  }

  FunctionDescriptor descriptor() {
    return descriptor;
  }
}
