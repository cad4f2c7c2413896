package io.github.yolox4j.weights;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The weights that YOLOX's authors published, trained on COCO. */
public enum OfficialWeights {
  /** YOLOX-Nano. */
  NANO("nano"),
  /** YOLOX-Tiny. */
  TINY("tiny"),
  /** YOLOX-S. */
  S("s"),
  /** YOLOX-M. */
  M("m"),
  /** YOLOX-L. */
  L("l"),
  /** YOLOX-X. */
  X("x"),
  /** YOLOX with the Darknet53 backbone, whose file is named without the number. */
  DARKNET53("darknet");

  private static final String RELEASE =
      "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/";

  private final String fileName;

  OfficialWeights(String name) {
    this.fileName = "yolox_%s.pth".formatted(name);
  }

  /**
   * Returns the model's name.
   *
   * @return for example {@code nano}
   */
  public String modelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns where the file is published.
   *
   * @return its address
   */
  public URI uri() {
    return URI.create(RELEASE + fileName);
  }

  /**
   * Returns where the file is kept once it is downloaded.
   *
   * @param cacheFolder such as {@link #cacheFolder()}
   * @return the file's path; it need not exist
   */
  public Path cached(Path cacheFolder) {
    return cacheFolder.resolve(fileName);
  }

  /**
   * Returns the user's folder for downloaded weights: {@code yolox4j} in {@code $XDG_CACHE_HOME} or
   * {@code ~/.cache}, on macOS in {@code ~/Library/Caches}, on Windows in {@code %LOCALAPPDATA%}.
   *
   * @return the folder's path; it need not exist
   */
  public static Path cacheFolder() {
    return cacheFolder(
        System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
  }

  static Path cacheFolder(Map<String, String> environment, String system, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    Path caches;
    if (name.startsWith("windows")) {
      caches = absolute(environment.get("LOCALAPPDATA"), home.resolve("AppData", "Local"));
    } else if (name.startsWith("mac")) {
      caches = home.resolve("Library", "Caches");
    } else {
      caches = absolute(environment.get("XDG_CACHE_HOME"), home.resolve(".cache"));
    }
    return caches.resolve("yolox4j");
  }

  /** The folder named by a variable; one that is unset or relative counts as none. */
  private static Path absolute(String variable, Path otherwise) {
    return variable != null && Path.of(variable).isAbsolute() ? Path.of(variable) : otherwise;
  }
}
