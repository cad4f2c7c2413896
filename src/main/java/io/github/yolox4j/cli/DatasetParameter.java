package io.github.yolox4j.cli;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.DatasetFormat;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A data set or a part of it, as the commands about data sets take one. */
final class DatasetParameter {

  /** What can be a data set. */
  static final String DESCRIPTION = "Data set: " + DatasetFormat.PLACES + ".";

  @Parameters(paramLabel = "DATA", description = DESCRIPTION)
  private Path data;

  @Option(names = "--split", paramLabel = "NAME", description = "Only this part (default: all).")
  private String split;

  Path path() {
    return data;
  }

  List<String> splits() {
    return split == null ? Dataset.splits(data) : List.of(split);
  }
}
