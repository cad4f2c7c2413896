package io.github.yolox4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.cli.CommandGroup.Member;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.ffi.libc.ProcessExit;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The program {@code yolox}. */
public final class Main {

  /** All went well. */
  static final int DONE = 0;

  /** The work could not be done. */
  static final int FAILED = 1;

  /** The command was not understood. */
  static final int WRONG_USAGE = 2;

  /** Has a failure show where it comes from. */
  static final String VERBOSE = "--verbose";

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param arguments what the user typed
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    PrintStream err = new PrintStream(System.err, true, UTF_8);
    Thread unfinished = new Thread(ProcessExit::skipDestructors, "unfinished");
    Runtime.getRuntime().addShutdownHook(unfinished);
    int code = run(new Console(out, err), arguments);
    try {
      Runtime.getRuntime().removeShutdownHook(unfinished);
    } catch (IllegalStateException _) {
      // the process has been ended meanwhile, and the hook runs
    }
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @param console where it prints
   * @param arguments what the user typed
   * @return the exit code
   */
  static int run(Console console, String... arguments) {
    try {
      int code = commandLine(console, List.of(arguments)).execute(arguments);
      if (code == DONE) {
        console.requireWritten();
      }
      return code;
    } catch (YoloxException | OutOfMemoryError | LinkageError e) {
      // picocli hands exceptions to its handler, and lets errors through
      return failed(console, e, List.of(arguments));
    }
  }

  /**
   * The program with its commands and their options.
   *
   * @param arguments what will be parsed; where they name a command the others are left out
   */
  static CommandLine commandLine(Console console, List<String> arguments) {
    List<String> further = arguments.stream().skip(1).toList();
    CommandLine commandLine =
        CommandGroup.of(
            console,
            "yolox",
            "YOLOX object detection in Java on native libtorch.",
            "yolox detect street.jpg -w yolox_s.pth --save found",
            arguments,
            new Member("quickstart", () -> verbose(new QuickstartCommand(console))),
            new Member("detect", () -> new DetectCommand(console)),
            new Member("train", () -> verbose(new TrainCommand(console))),
            new Member("eval", () -> verbose(new EvalCommand(console))),
            new Member("assign", () -> new AssignCommand(console)),
            new Member("export", () -> new ExportCommand(console)),
            new Member(
                "data",
                () ->
                    CommandGroup.of(
                        console,
                        "data",
                        "Makes, checks and converts data sets.",
                        "yolox data synth -o shapes",
                        further,
                        new Member("check", () -> new DataCheckCommand(console)),
                        new Member("convert", () -> new DataConvertCommand(console)),
                        new Member("synth", () -> new DataSynthCommand(console)))),
            new Member("models", () -> new ModelsCommand(console)),
            new Member(
                "weights",
                () ->
                    CommandGroup.of(
                        console,
                        "weights",
                        "Gets official weights.",
                        "yolox weights get nano",
                        further,
                        new Member("get", () -> new WeightsGetCommand(console)))),
            new Member("bench", () -> new BenchCommand(console)),
            new Member("doctor", () -> new DoctorCommand(console)),
            new Member("rehearse", RehearseCommand::new));
    commandLine.getCommandSpec().versionProvider(new Version());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(EngineKind.class, Choices.Engines::parse);
    commandLine.setOut(new PrintWriter(console.out(), true, UTF_8));
    commandLine.setErr(new PrintWriter(console.err(), true, UTF_8));
    commandLine.setParameterExceptionHandler((e, _) -> wrongUsage(console, e));
    commandLine.setExecutionExceptionHandler(
        (e, _, words) -> failed(console, e, words.originalArgs()));
    return commandLine;
  }

  /** Gives a command the option that {@link #failed} looks for. */
  private static CommandLine verbose(Object command) {
    CommandLine commandLine = new CommandLine(command);
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder(VERBOSE)
                .type(boolean.class)
                .description("Show where a failure comes from.")
                .build());
    return commandLine;
  }

  private static int wrongUsage(Console console, ParameterException e) {
    CommandLine command = e.getCommandLine();
    console.complain(e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
      console.tell("Try '%s --help'.", command.getCommandSpec().qualifiedName());
    }
    return WRONG_USAGE;
  }

  private static int failed(Console console, Throwable thrown, List<String> arguments) {
    console.complain(Failure.sentence(thrown));
    if (arguments.contains(VERBOSE)) {
      thrown.printStackTrace(console.err());
    }
    return thrown instanceof WrongUsage ? WRONG_USAGE : FAILED;
  }
}
