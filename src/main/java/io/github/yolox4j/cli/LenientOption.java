package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Faults;
import io.github.yolox4j.data.FindingKind;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether entries that cannot be used are left out. */
final class LenientOption {

  @Option(
      names = "--lenient",
      description = {
        "Leave out annotations and detections that cannot be read, of unknown images or",
        "categories, or of an id that is taken, and say how many."
      })
  private boolean lenient;

  private int leftOut;
  private String first;

  /** For files that are compared with; annotations may be missing altogether. */
  Faults faults() {
    return (kind, sentence) -> {
      if (lenient && kind == FindingKind.BAD_LABEL) {
        first = leftOut++ == 0 ? sentence : first;
      } else if (kind.fatal() && kind != FindingKind.NOTHING_TO_LEARN) {
        throw new YoloxException(sentence);
      }
    };
  }

  /** What was left out, for people. */
  Optional<String> summary() {
    return leftOut == 0
        ? Optional.empty()
        : Optional.of("Entries left out: %d; the first: %s".formatted(leftOut, first));
  }
}
