package io.github.yolox4j.ffi.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

  /** Prints before, while and after two works are in progress. */
  static final class Program {

    private Program() {}

    public static void main(String[] none) {
      System.out.println("before");
      int one =
          StandardOutput.diverted(
              () -> {
                int inner = StandardOutput.diverted(() -> print("first"));
                return inner + print("second");
              });
      System.out.println("after " + one);
    }

    private static int print(String text) {
      System.out.println(text);
      return text.length();
    }
  }

  @Test
  void whatAWorkPrintsGoesToStandardError() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String error = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), error);
    assertEquals("before after 11", String.join(" ", output.lines().toList()));
    assertEquals("first second", String.join(" ", error.lines().toList()));
  }
}
