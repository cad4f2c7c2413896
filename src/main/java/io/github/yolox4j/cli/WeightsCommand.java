package io.github.yolox4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands about weight files. */
@Command(
    name = "weights",
    description = "Gets official weights.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox weights get nano"})
final class WeightsCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec;

  WeightsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return Main.WRONG_USAGE;
  }
}
