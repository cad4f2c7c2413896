package io.github.yolox4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A command above other commands: by itself it only shows them. */
final class CommandGroup implements Callable<Integer> {

  private final Console console;
  private final CommandSpec spec;

  private CommandGroup(Console console, String name, String description, String example) {
    this.console = console;
    spec = CommandSpec.wrapWithoutInspection(this).name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).footer("", "Example: " + example);
  }

  static CommandLine yolox(Console console) {
    CommandGroup group =
        new CommandGroup(
            console,
            "yolox",
            "YOLOX object detection in Java on native libtorch.",
            "yolox detect street.jpg -w yolox_s.pth --save found");
    return new CommandLine(group.spec.versionProvider(new Version()));
  }

  static CommandLine data(Console console) {
    CommandGroup group =
        new CommandGroup(
            console, "data", "Makes, checks and converts data sets.", "yolox data synth -o shapes");
    return new CommandLine(group.spec)
        .addSubcommand(new DataCheckCommand(console))
        .addSubcommand(new DataConvertCommand(console))
        .addSubcommand(new DataSynthCommand(console));
  }

  static CommandLine weights(Console console) {
    CommandGroup group =
        new CommandGroup(console, "weights", "Gets official weights.", "yolox weights get nano");
    return new CommandLine(group.spec).addSubcommand(new WeightsGetCommand(console));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return Main.WRONG_USAGE;
  }
}
