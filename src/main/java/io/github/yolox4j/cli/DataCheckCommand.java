package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.DatasetCheck;
import io.github.yolox4j.data.DatasetFindings;
import io.github.yolox4j.data.DatasetFormat;
import io.github.yolox4j.data.FindingKind;
import io.github.yolox4j.data.SplitStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds what would spoil a training run. */
@Command(
    name = "check",
    description = {
      "Finds what would spoil a training run. Exits with 1 where training would stop."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox data check coco/"})
final class DataCheckCommand implements Callable<Integer> {

  private static final int EXAMPLES = 3;

  private final Console console;

  @Parameters(paramLabel = "DATA", description = "Data set: " + DatasetFormat.PLACES + ".")
  private Path data;

  @Option(names = "--split", paramLabel = "NAME", description = "Only this part (default: all).")
  private String split;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write everything found as JSON; - is standard output.")
  private String json;

  @Mixin private Overwriting overwriting;

  DataCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<String> splits = split == null ? Dataset.splits(data) : List.of(split);
    if (json != null && !json.equals(TextOutput.STANDARD_OUTPUT)) {
      requireOutside(Path.of(json));
    }
    DatasetFindings found;
    if (json == null) {
      found = check(splits);
    } else {
      try (TextOutput output = TextOutput.open(json, console, overwriting, InputFiles.of(data))) {
        DatasetFindings checked = check(splits);
        output.json(generator -> write(generator, checked));
        found = checked;
        output.finish();
      }
    }
    if (!TextOutput.STANDARD_OUTPUT.equals(json)) {
      print(found);
    }
    return found.fatal() ? Main.FAILED : Main.DONE;
  }

  /** Every file in the data set's folder may be read. */
  private void requireOutside(Path target) {
    if (Files.isDirectory(data)
        && target.toAbsolutePath().normalize().startsWith(data.toAbsolutePath().normalize())) {
      throw new WrongUsage("%s lies in the data set; expected another place".formatted(target));
    }
  }

  private DatasetFindings check(List<String> splits) {
    try (Progress progress = Progress.of(console, "Checking", "images")) {
      return DatasetCheck.check(data, splits, progress::update);
    }
  }

  private void print(DatasetFindings found) {
    found.statistics().forEach(this::print);
    found
        .findings()
        .forEach(
            (kind, places) -> {
              console
                  .out()
                  .printf(
                      Locale.ROOT,
                      "%s %,d %s%n",
                      kind.fatal() ? "ERROR" : "note ",
                      places.size(),
                      kind.description());
              places.stream()
                  .limit(EXAMPLES)
                  .forEach(place -> console.out().printf("        %s%n", place));
              if (places.size() > EXAMPLES) {
                console.out().println("        ...");
              }
            });
    console.out().println(found.fatal() ? "Training would stop." : "Nothing would stop training.");
  }

  private void print(SplitStatistics split) {
    console
        .out()
        .printf(
            Locale.ROOT,
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

  private static void write(JsonGenerator generator, DatasetFindings found) throws IOException {
    generator.writeStartObject();
    generator.writeBooleanField("trainable", !found.fatal());
    generator.writeObjectFieldStart("splits");
    for (SplitStatistics split : found.statistics()) {
      write(generator, split);
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("findings");
    for (Map.Entry<FindingKind, List<String>> finding : found.findings().entrySet()) {
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
