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

  static CommandLine of(
      Console console, String name, String description, String example, Object... commands) {
    CommandGroup group = new CommandGroup(console, name, description, example);
    CommandLine line = new CommandLine(group.spec);
    for (Object command : commands) {
      line.addSubcommand(command);
    }
    return line;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return Main.WRONG_USAGE;
  }
}
