package io.github.yolox4j.ffi.presets;

import org.bytedeco.javacpp.Loader;

/** Loads native libraries one at a time: two threads that load at once can crash. */
public final class NativeLibraries {

  private NativeLibraries() {}

  /**
   * Loads the libraries of some presets and what they need.
   *
   * @param presets the presets' global classes
   * @throws UnsatisfiedLinkError if a library is not on the class path or does not load
   */
  public static synchronized void load(Class<?>... presets) {
    for (Class<?> preset : presets) {
      Loader.load(preset);
    }
  }
}
