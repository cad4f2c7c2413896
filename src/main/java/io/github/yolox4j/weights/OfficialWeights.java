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

  /** Larger than the largest of them. */
  public static final long MOST_BYTES = 1L << 30;

  private OfficialWeights() {}

  /**
   * {@return the SHA-256 of a model's file as it was published}
   *
   * @param model the model
   */
  public static String sha256(OfficialModel model) {
    return switch (model) {
      case NANO -> "cd28f55fbbc1829f99d9ac9b38a16d259a22889739c8728ea877610201feff7b";
      case TINY -> "9de513de589ac98bb92d3bca53b5af7b9acfa9b0bacb831f7999d0f7afaee8f0";
      case S -> "f55ded7181e1b0c13285c56e7790b8f0e8f8db590fe4edb37f0b7f345c913a30";
      case M -> "60076992b32da82951c90cfa7bd6ab70eba9eda243e08b940a396f60ac2d19b6";
      case L -> "1e6b7fa6240375370b2a8a8eab9066b3cdd43fd1d0bfa8d2027fd3a51def2917";
      case X -> "5652330b6ae860043f091b8f550a60c10e1129f416edfdb65c259be6caf355cf";
      case DARKNET53 -> "b5905e9faf500a2608c93991f91a41a6150bcd2dd30986865a73becd94542fa1";
    };
  }

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
