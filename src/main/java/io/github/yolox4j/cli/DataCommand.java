package io.github.yolox4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands about data sets. */
@Command(
    name = "data",
    description = "Makes, checks and converts data sets.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox data synth -o shapes"})
final class DataCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec;

  DataCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return Main.WRONG_USAGE;
  }
}
