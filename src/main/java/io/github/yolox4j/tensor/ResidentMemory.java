package io.github.yolox4j.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process holds. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmRSS:";

  private ResidentMemory() {}

  /**
   * Asks the operating system.
   *
   * @return bytes; 0 where it does not tell
   */
  public static long bytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(FIELD)) {
          return Long.parseLong(line.substring(FIELD.length()).replace("kB", "").strip()) << 10;
        }
      }
    } catch (IOException | NumberFormatException _) {
      // not Linux
    }
    return 0;
  }
}
