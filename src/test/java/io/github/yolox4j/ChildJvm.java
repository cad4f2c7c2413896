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
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a program in a JVM of its own. */
public final class ChildJvm {

  /** What the JVM says about the vectors of its option. */
  private static final String INCUBATOR_WARNING =
      "WARNING: Using incubator modules: jdk.incubator.vector";

  private ChildJvm() {}

  /**
   * How a JVM differs from this one.
   *
   * @param absentJars the part of the class path that it does without
   * @param absentOptions the part of this JVM's options that it does without
   * @param options its own options
   * @param environment its own environment variables
   */
  public record Difference(
      Pattern absentJars,
      Pattern absentOptions,
      List<String> options,
      Map<String, String> environment) {

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /** No difference. */
    public static final Difference NONE = new Difference(NOTHING, NOTHING, List.of(), Map.of());

    /** Does without jars. */
    public static Difference withoutJars(String pattern) {
      return new Difference(Pattern.compile(pattern), NOTHING, List.of(), Map.of());
    }

    /** Does without options. */
    public static Difference withoutOptions(String pattern) {
      return new Difference(NOTHING, Pattern.compile(pattern), List.of(), Map.of());
    }

    /** Has an environment variable. */
    public static Difference withVariable(String name, String value) {
      return new Difference(NOTHING, NOTHING, List.of(), Map.of(name, value));
    }
  }

  /**
   * Returns what a program prints, to standard error too.
   *
   * @param absentJars the part of the class path that it does without
   * @param options for the JVM, besides this one's
   */
  public static List<String> linesOf(
      Pattern absentJars, List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    return linesOf(
        new Difference(absentJars, Difference.NOTHING, options, Map.of()), program, arguments);
  }

  /** Returns what a program prints, to standard error too. */
  public static List<String> linesOf(Difference difference, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !difference.absentJars.matcher(entry).find())
            .collect(joining(File.pathSeparator));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // this process's own, so that coverage counts there too
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !difference.absentOptions.matcher(option).find())
        .forEach(command::add);
    command.addAll(difference.options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(difference.environment);
    Process process = builder.start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines =
          output.readAllLines().stream().filter(line -> !line.equals(INCUBATOR_WARNING)).toList();
      assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
      return lines;
    }
  }
}
