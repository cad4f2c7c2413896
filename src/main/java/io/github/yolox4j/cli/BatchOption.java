package io.github.yolox4j.cli;

import picocli.CommandLine.Option;

/** How many pictures go through the network at once. */
final class BatchOption {

  /** Decoded pictures wait in memory for a batch to be full. */
  private static final int MOST = 256;

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
