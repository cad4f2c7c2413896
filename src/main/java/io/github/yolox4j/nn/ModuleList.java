package io.github.yolox4j.nn;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Module;

/**
 * Modules registered as "0", "1", ...
 *
 * @param <M> the modules' type
 */
final class ModuleList<M extends Module> extends Module {

  // held here because the native parent does not keep a Java object alive
  private final List<M> modules;

  ModuleList(int size, IntFunction<M> make) {
    modules = IntStream.range(0, size).mapToObj(make).toList();
    for (int i = 0; i < size; i++) {
      register_module(Integer.toString(i), modules.get(i));
    }
  }

  M get(int position) {
    return modules.get(position);
  }
}
