package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.data.DatasetFindings;
import io.github.yolox4j.data.FindingKind;
import io.github.yolox4j.data.SplitStatistics;
import java.io.IOException;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was found in a data set, for people and for programs.
 *
 * @param findings what was found
 */
public record FindingsReport(DatasetFindings findings) {

  private static final int EXAMPLES = 3;

  /**
   * Shows the parts of the data set, then each kind of finding with a few examples.
   *
   * @return lines for people, each ended
   */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    findings.statistics().forEach(split -> show(split, out));
    findings
        .findings()
        .forEach(
            (kind, places) -> {
              String weight = kind.fatal() ? "ERROR" : "note ";
              out.format("%s %,d %s%n", weight, places.size(), kind.description());
              places.stream().limit(EXAMPLES).forEach(place -> out.format("        %s%n", place));
              if (places.size() > EXAMPLES) {
                out.format("        ...%n");
              }
            });
    out.format(findings.fatal() ? "Training would stop.%n" : "Nothing would stop training.%n");
    return out.toString();
  }

  private static void show(SplitStatistics split, Formatter out) {
    out.format(
        "%s: %,d images, %s wide, %s high%n%,d objects (%s): %s%n%n",
        split.split(),
        split.images(),
        split.widths(),
        split.heights(),
        split.objects(),
        split.bySize().entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ")),
        split.byClass().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", ")));
  }

  /**
   * Writes an object with everything.
   *
   * @param generator where to
   * @throws IOException when writing fails
   */
  public void write(JsonGenerator generator) throws IOException {
    generator.writeStartObject();
    generator.writeBooleanField("trainable", !findings.fatal());
    generator.writeObjectFieldStart("splits");
    for (SplitStatistics split : findings.statistics()) {
      write(generator, split);
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("findings");
    for (Map.Entry<FindingKind, List<String>> finding : findings.findings().entrySet()) {
      generator.writeArrayFieldStart(finding.getKey().name().toLowerCase(Locale.ROOT));
      for (String place : finding.getValue()) {
        generator.writeString(place);
      }
      generator.writeEndArray();
    }
    generator.writeEndObject();
    generator.writeEndObject();
  }

  private static void write(JsonGenerator generator, SplitStatistics split) throws IOException {
    generator.writeObjectFieldStart(split.split());
    generator.writeNumberField("images", split.images());
    generator.writeNumberField("objects", split.objects());
    write(generator, "width", split.widths());
    write(generator, "height", split.heights());
    generator.writeObjectFieldStart("by_size");
    for (var count : split.bySize().entrySet()) {
      generator.writeNumberField(count.getKey().name().toLowerCase(Locale.ROOT), count.getValue());
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("by_class");
    for (var count : split.byClass().entrySet()) {
      generator.writeNumberField(count.getKey(), count.getValue());
    }
    generator.writeEndObject();
    generator.writeEndObject();
  }

  private static void write(JsonGenerator generator, String name, SplitStatistics.Spread range)
      throws IOException {
    generator.writeObjectFieldStart(name);
    generator.writeNumberField("min", range.least());
    generator.writeNumberField("median", range.median());
    generator.writeNumberField("max", range.most());
    generator.writeEndObject();
  }
}
