package io.github.yolox4j.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The library, its sample and its test programs, built in the build folder; a test that asks for
 * them is skipped where CMake or a C++ compiler is absent.
 */
final class NativeBuild {

  private static final Path SOURCES = Path.of("native-config", "embed").toAbsolutePath();
  private static final Path FOLDER = Path.of("target", "embed").toAbsolutePath();
  private static final Path INSTALLED = FOLDER.resolve("installed");
  private static final int PATIENCE_SECONDS = 120;

  /** What a program ended with. */
  record Run(int code, List<String> out, List<String> err) {}

  private NativeBuild() {}

  /** Builds everything, or only what has changed, once. */
  static void require() throws IOException, InterruptedException {
    assumeTrue(File.separatorChar == '/', "the library starts Java with POSIX's functions");
    assumeTrue(onPath("cmake") && onPath("make"), "cmake or make is absent");
    assumeTrue(onPath("c++") && onPath("cc"), "a C++ compiler is absent");
    Path headers = Path.of(System.getProperty("java.home"), "include");
    assumeTrue(Files.exists(headers.resolve("jni.h")), () -> headers + " has no jni.h");
    Path library = FOLDER.resolve("library");
    Files.createDirectories(FOLDER);
    built(
        Stream.of("cmake", "-S", SOURCES, "-B", library, "-DYOLOX4J_TESTS=ON")
            .map(Object::toString)
            .toList(),
        "-DYOLOX4J_JNI_INCLUDE=" + headers,
        "-DYOLOX4J_JARS=",
        "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON",
        "-DCMAKE_INSTALL_LIBDIR=lib",
        "-DCMAKE_INSTALL_PREFIX=" + INSTALLED);
    built(List.of("cmake", "--build", library.toString(), "--parallel", "2"));
    built(List.of("cmake", "--install", library.toString()));
    // as a user's program does it, from what is installed
    Path sample = FOLDER.resolve("sample");
    built(
        List.of("cmake", "-S", SOURCES.resolve("sample").toString(), "-B", sample.toString()),
        "-DCMAKE_PREFIX_PATH=" + INSTALLED);
    built(List.of("cmake", "--build", sample.toString()));
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static void built(List<String> command, String... more)
      throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(more));
    Run run = run(Map.of(), whole);
    assertEquals(0, run.code(), () -> String.join("\n", run.out()) + String.join("\n", run.err()));
  }

  static Path library() {
    return INSTALLED.resolve("lib").resolve(System.mapLibraryName("yolox4j"));
  }

  static Path sample() {
    return FOLDER.resolve("sample").resolve("detect");
  }

  static Path test(String name) {
    return FOLDER.resolve("library").resolve("test").resolve(name);
  }

  /** Runs a program with this JVM's runtime and classes. */
  static Run run(Path program, Object... arguments) throws IOException, InterruptedException {
    return run(
        Map.of(
            "YOLOX4J_JAVA_HOME",
            System.getProperty("java.home"),
            "YOLOX4J_CLASS_PATH",
            System.getProperty("java.class.path"),
            // a few pictures are not worth the optimising compiler, nor threads that spin
            "YOLOX4J_JVM_OPTIONS",
            "-XX:TieredStopAtLevel=1 -Xmx1g",
            "GOMP_SPINCOUNT",
            "30000"),
        program,
        arguments);
  }

  /** Runs a program with these variables besides the environment's, from which Java's are taken. */
  static Run run(Map<String, String> variables, Path program, Object... arguments)
      throws IOException, InterruptedException {
    return run(
        variables,
        Stream.concat(Stream.of(program), Stream.of(arguments)).map(Object::toString).toList());
  }

  private static Run run(Map<String, String> variables, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(FOLDER, "out", ".txt");
    Path err = Files.createTempFile(FOLDER, "err", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.contains("JAVA") || name.contains("JDK"));
      builder.environment().putAll(variables);
      Process process = builder.start();
      try {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), command::toString);
      } finally {
        process.destroyForcibly();
      }
      return new Run(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    } catch (IOException e) {
      throw new TestAbortedException(command.getFirst() + " cannot be run", e);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
