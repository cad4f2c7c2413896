package io.github.yolox4j.cli;

import io.github.yolox4j.data.DatasetCheck;
import io.github.yolox4j.data.DatasetFindings;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.report.FindingsReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds what would spoil a training run. */
@Command(
    description = {
      "Finds what would spoil a training run. Exits with 1 where training would stop."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox data check coco/"})
final class DataCheckCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private DatasetParameter dataset;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write everything found as JSON; - is standard output.")
  private String json;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "How many places of each kind to show (default: ${DEFAULT-VALUE}).")
  private int examples = 3;

  @Mixin private ForceOption force;

  DataCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (examples < 0) {
      throw new WrongUsage("--examples is %d; expected 0 or more".formatted(examples));
    }
    Path data = dataset.path();
    List<String> splits = dataset.splits();
    if (json != null && !json.equals(Console.STANDARD_OUTPUT)) {
      requireOutside(Path.of(json), data);
    }
    FindingsReport report =
        console.show(
            json,
            force.except(FileSet.of(data)),
            () -> new FindingsReport(check(splits)),
            found -> console.out().print(found.text(examples)),
            FindingsReport::write);
    return report.findings().fatal() ? Main.FAILED : Main.DONE;
  }

  /** Every file in the data set's folder may be read. */
  private static void requireOutside(Path target, Path data) {
    if (Files.isDirectory(data)
        && target.toAbsolutePath().normalize().startsWith(data.toAbsolutePath().normalize())) {
      throw new WrongUsage("%s lies in the data set; expected another place".formatted(target));
    }
  }

  private DatasetFindings check(List<String> splits) {
    try (Progress progress = Progress.of(console, "Checking", "images")) {
      return DatasetCheck.check(dataset.path(), splits, progress::update);
    }
  }
}
