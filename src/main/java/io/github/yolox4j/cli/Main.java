package io.github.yolox4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.ffi.libc.ProcessExit;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The program {@code yolox}. */
public final class Main {

  /** All went well. */
  static final int DONE = 0;

  /** The work could not be done. */
  static final int FAILED = 1;

  /** The command was not understood. */
  static final int WRONG_USAGE = 2;

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
      int code = commandLine(console).execute(arguments);
      if (code == DONE) {
        console.requireWritten();
      }
      return code;
    } catch (YoloxException | OutOfMemoryError | LinkageError e) {
      // picocli hands exceptions to its handler, and lets errors through
      return failed(console, e, List.of(arguments).contains("--verbose"));
    }
  }

  /** All commands with their options. */
  static CommandLine commandLine(Console console) {
    CommandLine commandLine = new CommandLine(new Yolox(console));
    commandLine.addSubcommand(new QuickstartCommand(console));
    commandLine.addSubcommand(new DetectCommand(console));
    commandLine.addSubcommand(new TrainCommand(console));
    commandLine.addSubcommand(new EvalCommand(console));
    commandLine.addSubcommand(new AssignCommand(console));
    commandLine.addSubcommand(new ExportCommand(console));
    commandLine.addSubcommand(data(console));
    commandLine.addSubcommand(new ModelsCommand(console));
    commandLine.addSubcommand(weights(console));
    commandLine.addSubcommand(new BenchCommand(console));
    commandLine.addSubcommand(new DoctorCommand(console));
    commandLine.addSubcommand(new RehearseCommand());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(EngineKind.class, EngineKinds::parse);
    commandLine.setOut(new PrintWriter(console.out(), true, UTF_8));
    commandLine.setErr(new PrintWriter(console.err(), true, UTF_8));
    commandLine.setParameterExceptionHandler((e, _) -> wrongUsage(console, e));
    commandLine.setExecutionExceptionHandler(
        (e, command, _) -> failed(console, e, verbose(command)));
    return commandLine;
  }

  private static CommandLine data(Console console) {
    return new CommandLine(new DataCommand(console))
        .addSubcommand(new DataCheckCommand(console))
        .addSubcommand(new DataConvertCommand(console))
        .addSubcommand(new DataSynthCommand(console));
  }

  private static CommandLine weights(Console console) {
    return new CommandLine(new WeightsCommand(console))
        .addSubcommand(new WeightsGetCommand(console));
  }

  private static int wrongUsage(Console console, ParameterException e) {
    CommandLine command = e.getCommandLine();
    console.err().println("yolox: " + e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
      console.err().printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
    }
    return WRONG_USAGE;
  }

  private static boolean verbose(CommandLine command) {
    return command.getCommand() instanceof Verbose verbose && verbose.verbose();
  }

  private static int failed(Console console, Throwable thrown, boolean verbose) {
    console.err().println("yolox: " + Failure.sentence(thrown));
    if (verbose) {
      thrown.printStackTrace(console.err());
    }
    return thrown instanceof WrongUsage ? WRONG_USAGE : FAILED;
  }
}
