package io.github.yolox4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command above the commands. */
@Command(
    name = "yolox",
    description = "YOLOX object detection in Java on native libtorch.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Example: yolox detect street.jpg -w yolox_s.pth --save found"})
final class Yolox implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec;

  Yolox(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return Main.WRONG_USAGE;
  }
}
