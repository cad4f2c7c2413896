package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.yolox4j.data.DatasetFindings;
import io.github.yolox4j.data.SplitStatistics;
import java.io.IOException;
import java.util.Formatter;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What was found in a data set, for people and for programs.
 *
 * @param findings what was found
 */
public record FindingsReport(DatasetFindings findings) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Shows the parts of the data set, then each kind of finding with a few examples.
   *
   * @param examples how many of each kind
   * @return lines for people, each ended
   */
  public String text(int examples) {
    Formatter out = new Formatter(Locale.ROOT);
    findings.statistics().forEach(split -> show(split, out));
    findings
        .findings()
        .forEach(
            (kind, places) -> {
              String weight = kind.fatal() ? "ERROR" : "note ";
              out.format("%s %,d %s%n", weight, places.size(), kind.description());
              places.stream().limit(examples).forEach(place -> out.format("        %s%n", place));
              if (places.size() > examples) {
                out.format("        ...%n");
              }
              out.format("      %s%n", kind.advice());
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
            .map(e -> e.getValue() + " " + key(e.getKey()))
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
    ObjectNode json = JSON.createObjectNode().put("trainable", !findings.fatal());
    ObjectNode splits = json.putObject("splits");
    findings.statistics().forEach(split -> add(splits.putObject(split.split()), split));
    ObjectNode found = json.putObject("findings");
    findings.findings().forEach((kind, places) -> found.putPOJO(key(kind), places));
    ObjectNode advice = json.putObject("advice");
    findings.findings().keySet().forEach(kind -> advice.put(key(kind), kind.advice()));
    JSON.writeTree(generator, json);
  }

  private static void add(ObjectNode json, SplitStatistics split) {
    json.put("images", split.images()).put("objects", split.objects());
    add(json.putObject("width"), split.widths());
    add(json.putObject("height"), split.heights());
    ObjectNode bySize = json.putObject("by_size");
    split.bySize().forEach((size, count) -> bySize.put(key(size), count));
    json.putPOJO("by_class", split.byClass());
  }

  private static void add(ObjectNode json, SplitStatistics.Spread range) {
    json.put("min", range.least()).put("median", range.median()).put("max", range.most());
  }

  private static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
