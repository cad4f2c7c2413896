package io.github.yolox4j.cli;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.DatasetConversion;
import io.github.yolox4j.data.DatasetFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Converts data sets. */
@Command(
    name = "convert",
    description = "Writes a data set in another layout, with copies of its images.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox data convert voc/ --to coco -o coco"})
final class DataConvertCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "DATA", description = "Data set: " + DatasetFormat.PLACES + ".")
  private Path data;

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

  @Option(names = "--split", paramLabel = "NAME", description = "Only this part (default: all).")
  private String split;

  @Mixin private Overwriting overwriting;

  DataConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<String> splits = split == null ? Dataset.splits(data) : List.of(split);
    DatasetConversion conversion = new DatasetConversion(data, splits);
    overwriting.allowedFolder(output);
    List<String> losses;
    try (Progress progress = Progress.of(console, "Converting", "images")) {
      losses = conversion.write(format, output, done -> progress.update(done, conversion.images()));
    }
    losses.forEach(console.err()::println);
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d images of %s as %s%n",
            output,
            conversion.images(),
            String.join(", ", splits),
            format.key());
    return Main.DONE;
  }
}
