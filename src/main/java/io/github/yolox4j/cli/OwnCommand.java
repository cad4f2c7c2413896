package io.github.yolox4j.cli;

import io.github.yolox4j.ffi.libc.ProcessImage;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How this program was started, to start it again. */
final class OwnCommand {

  /** Set by the launcher where it leaves Java's vectors out, to start fast. */
  private static final String WITHOUT_VECTORS = "yolox4j.without-vectors";

  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /** The launcher's flags for a fast start; the recorded one fits no JVM with vectors. */
  private static final Pattern FAST_START =
      Pattern.compile("-XX:(TieredStopAtLevel|AOTCache)=.*|-D" + WITHOUT_VECTORS + "=.*");

  private OwnCommand() {}

  /** The command line with the same JVM and its flags, but other arguments. */
  static List<String> with(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String classPath = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", absolute(classPath), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  private static String absolute(String classPath) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(classPath)
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Starts the program anew, in this process's place, with vectors from Java and the optimising
   * compiler, where the launcher has left them out: work that lasts is worth a slower start.
   */
  static void restartWithVectors(List<String> arguments) {
    if (Boolean.getBoolean(WITHOUT_VECTORS)) {
      List<String> command = with(List.of());
      command.removeIf(FAST_START.asMatchPredicate());
      command.add(1, VECTORS);
      command.addAll(arguments);
      ProcessImage.replace(command);
    }
  }
}
