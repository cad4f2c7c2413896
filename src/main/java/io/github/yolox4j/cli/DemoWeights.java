package io.github.yolox4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The weights of the small model that {@code quickstart} trains. */
final class DemoWeights {

  /** Set by the launcher to the folder {@code models/}. */
  private static final String FOLDER = "yolox4j.models";

  private static final String FILE = "demo.pth";

  private DemoWeights() {}

  static Path file() {
    return Path.of(System.getProperty(FOLDER, "models"), FILE);
  }

  static boolean present() {
    return Files.exists(file());
  }
}
