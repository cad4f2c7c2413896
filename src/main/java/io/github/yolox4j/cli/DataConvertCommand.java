package io.github.yolox4j.cli;

import io.github.yolox4j.data.DatasetConversion;
import io.github.yolox4j.data.DatasetFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Converts data sets. */
@Command(
    description = "Writes a data set in another layout, with copies of its images.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox data convert voc/ --to coco -o coco"})
final class DataConvertCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private DatasetParameter dataset;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = DatasetFormat.KEYS + ".")
  private DatasetFormat format;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder to make.")
  private Path output;

  @Mixin private ForceOption force;

  DataConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<String> splits = dataset.splits();
    DatasetConversion conversion = new DatasetConversion(dataset.path(), splits);
    force.requireAllowedFolder(output);
    List<String> losses;
    try (Progress progress = Progress.of(console, "Converting", "images")) {
      losses = conversion.write(format, output, done -> progress.update(done, conversion.images()));
    }
    losses.forEach(console.err()::println);
    console.print(
        "%s: %,d images of %s as %s",
        output, conversion.images(), String.join(", ", splits), format.key());
    return Main.DONE;
  }
}
