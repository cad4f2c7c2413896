package io.github.yolox4j.weights;

import io.github.yolox4j.model.OfficialModel;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The weights that YOLOX's authors published, trained on COCO. */
public final class OfficialWeights {

  private static final String RELEASE =
      "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/";

  private OfficialWeights() {}

  /**
   * {@return where a model's file is published}
   *
   * @param model the model
   */
  public static URI uri(OfficialModel model) {
    return URI.create(RELEASE + fileName(model));
  }

  /**
   * {@return the path, which need not exist, where a model's file is kept once it is downloaded}
   *
   * @param model the model
   * @param cacheFolder such as {@link #cacheFolder()}
   */
  public static Path cached(OfficialModel model, Path cacheFolder) {
    return cacheFolder.resolve(fileName(model));
  }

  private static String fileName(OfficialModel model) {
    String published = model == OfficialModel.DARKNET53 ? "darknet" : model.key();
    return "yolox_%s.pth".formatted(published);
  }

  /**
   * {@return the user's folder for downloaded weights, which need not exist: {@code yolox4j} in
   * {@code $XDG_CACHE_HOME} or {@code ~/.cache}, on macOS in {@code ~/Library/Caches}, on Windows
   * in {@code %LOCALAPPDATA%}}
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
