package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.MappedLibraries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.bytedeco.javacpp.Loader;

/**
 * Keeps a second libtorch out of the process: two of them take each other's symbols for their own,
 * and fail far from the cause.
 */
public final class SoleLibtorch {

  private static final String LIBRARY = System.mapLibraryName("torch_cpu");

  private SoleLibtorch() {}

  /**
   * Makes sure that the class path's libtorch would be the only one; to be called before it is
   * loaded.
   *
   * @throws YoloxException if the process has another one
   */
  public static void requireClassPaths() {
    Path cache;
    try {
      cache = Loader.getCacheDir().toPath().toRealPath();
    } catch (IOException e) {
      return; // there is no place that JavaCPP could have loaded one from
    }
    requireOnly(file -> file.startsWith(cache), "the one on the class path");
  }

  /** Makes sure that a file would be the only libtorch; to be called before it is loaded. */
  static void requireOnly(Path library) {
    Path real;
    try {
      real = library.toRealPath();
    } catch (IOException e) {
      return; // loading it will say more
    }
    requireOnly(file -> file.equals(real), library.toString());
  }

  private static void requireOnly(Predicate<Path> ours, String wanted) {
    MappedLibraries.named(LIBRARY).stream()
        .filter(ours.negate())
        .findAny()
        .ifPresent(
            other -> {
              throw new YoloxException(
                  "This process has the libtorch %s already, and two cannot be in one; expected %s"
                          .formatted(other, wanted)
                      + ", or -D%s=%s".formatted(TorchLibrary.FOLDER_PROPERTY, other.getParent()));
            });
  }
}
