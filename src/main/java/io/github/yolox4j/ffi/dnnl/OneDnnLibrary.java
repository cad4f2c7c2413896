package io.github.yolox4j.ffi.dnnl;

import io.github.yolox4j.YoloxException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import org.bytedeco.javacpp.Loader;

/** Finds and opens the shared library, which stays loaded for the life of the process. */
final class OneDnnLibrary {

  /** What a user's build names to have the library. */
  static final String ARTIFACT = "org.bytedeco:dnnl:3.11-1.5.13";

  private static final String FOLDER = "/org/bytedeco/dnnl/";
  private static final String OPENMP = "libgomp.so.1";
  private static final String LIBRARY = "libdnnl.so.3";

  private OneDnnLibrary() {}

  /**
   * Opens oneDNN with everything it depends on, so that OpenMP's functions are found as well: in
   * the copy that oneDNN itself calls, which is libtorch's where that is loaded already.
   */
  @SuppressWarnings("restricted")
  static SymbolLookup open() {
    String platform = Loader.getPlatform();
    unpack(platform, OPENMP); // beside the library, which looks for it there
    File library = unpack(platform, LIBRARY);
    try {
      return SymbolLookup.libraryLookup(library.toPath(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new YoloxException(
          "oneDNN cannot be loaded from %s: %s".formatted(library, e.getMessage()), e);
    }
  }

  private static File unpack(String platform, String name) {
    URL resource = OneDnnLibrary.class.getResource(FOLDER + platform + "/" + name);
    if (resource == null) {
      throw new YoloxException(
          "oneDNN is not on the class path; add %s with the classifier %s"
              .formatted(ARTIFACT, platform));
    }
    try {
      return Loader.cacheResource(resource);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be unpacked: %s".formatted(name, e.getMessage()), e);
    }
  }
}
