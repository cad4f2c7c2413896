package io.github.yolox4j.cli;

import io.github.yolox4j.stream.DetectionJob;
import picocli.CommandLine.Option;

/** How many pictures go through the network at once. */
final class BatchOption {

  private static final int MOST = DetectionJob.MOST_BATCH;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Most pictures in one pass of the network, 1 to "
              + MOST
              + " (default: ${DEFAULT-VALUE}).")
  private int size;

  /** The size, from 1. */
  int size() {
    if (size < 1 || size > MOST) {
      throw new WrongUsage("--batch is %d; expected at least 1, at most %d".formatted(size, MOST));
    }
    return size;
  }
}
