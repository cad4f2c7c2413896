package io.github.yolox4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files whose names are given byte by byte, which Java cannot make. */
public final class RawName {

  /** A name that is no text in UTF-8, nor in ASCII. */
  public static final String BROKEN = "a\\xff.jpg";

  private static final Path SHELL = Path.of("/bin/bash");

  private RawName() {}

  /**
   * Copies a file; the test is skipped where there is no such shell or the disk refuses the name.
   *
   * @param name with bytes as {@code printf} takes them
   */
  public static void copy(Path from, Path folder, String name)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(SHELL));
    String command = "cp \"$0\" \"$1/$(printf \"$2\")\"";
    Process copy =
        new ProcessBuilder(
                SHELL.toString(), "-c", command, from.toString(), folder.toString(), name)
            .start();
    assumeTrue(copy.waitFor() == 0);
  }
}
