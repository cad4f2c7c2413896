package io.github.yolox4j.cli;

import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.export.ExportTarget;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.report.AccuracyMetric;
import io.github.yolox4j.tensor.Precision;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/** What an option can be, as people type it; the help names these. */
class Choices implements Iterable<String> {

  private final List<String> keys;

  private Choices(Stream<String> keys) {
    this.keys = keys.toList();
  }

  @Override
  public Iterator<String> iterator() {
    return keys.iterator();
  }

  /** How networks can run. */
  static final class Engines extends Choices {
    Engines() {
      super(Arrays.stream(EngineKind.values()).map(EngineKind::key));
    }

    static EngineKind parse(String text) {
      return Arrays.stream(EngineKind.values())
          .filter(kind -> kind.key().equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no engine; expected %s"
                          .formatted(text, String.join(", ", new Engines()))));
    }
  }

  /** What networks can compute in. */
  static final class Precisions extends Choices {
    Precisions() {
      super(Stream.of(Precision.FP32, Precision.BF16, Precision.FP16).map(Precision::key));
    }
  }

  /** The formats of exported models. */
  static final class Targets extends Choices {
    Targets() {
      super(Arrays.stream(ExportTarget.values()).map(ExportTarget::key));
    }
  }

  /** The measures of accuracy. */
  static final class Metrics extends Choices {
    Metrics() {
      super(Arrays.stream(AccuracyMetric.values()).map(AccuracyMetric::key));
    }
  }

  /** The versions of SimOTA. */
  static final class Rules extends Choices {
    Rules() {
      super(
          Arrays.stream(AssignmentRule.values()).map(rule -> rule.name().toLowerCase(Locale.ROOT)));
    }
  }
}
