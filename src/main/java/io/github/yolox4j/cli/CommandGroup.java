package io.github.yolox4j.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

  /**
   * A command below a group.
   *
   * @param name how users call it
   * @param made makes it, which takes a while: its options are found by reflection
   */
  record Member(String name, Supplier<Object> made) {}

  /** A group with the member that the arguments begin with, else with all. */
  static CommandLine of(
      Console console,
      String name,
      String description,
      String example,
      List<String> arguments,
      Member... members) {
    CommandLine line = new CommandLine(new CommandGroup(console, name, description, example).spec);
    Predicate<Member> meant =
        member -> !arguments.isEmpty() && member.name.equals(arguments.getFirst());
    boolean one = Stream.of(members).anyMatch(meant);
    for (Member member : members) {
      if (!one || meant.test(member)) {
        line.addSubcommand(member.name, member.made.get());
      }
    }
    return line;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return Main.WRONG_USAGE;
  }
}
