package io.github.yolox4j;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a program in a JVM of its own. */
public final class ChildJvm {

  private ChildJvm() {}

  /**
   * Returns what a program prints, to standard error too.
   *
   * @param absentJars the part of the class path that it does without
   * @param options for the JVM, besides this one's
   */
  public static List<String> linesOf(
      Pattern absentJars, List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !absentJars.matcher(entry).find())
            .collect(joining(File.pathSeparator));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // this process's own, so that coverage counts there too
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.readAllLines();
      assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
      return lines;
    }
  }
}
