package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.data.DatasetCheck;
import io.github.yolox4j.data.DatasetFindings;
import io.github.yolox4j.data.FindingKind;
import io.github.yolox4j.data.SplitStatistics;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.files.TextOutput;
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

  @Mixin private DatasetParameter dataset;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write everything found as JSON; - is standard output.")
  private String json;

  @Mixin private ForceOption force;

  DataCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path data = dataset.path();
    List<String> splits = dataset.splits();
    if (json == null) {
      DatasetFindings found = check(splits);
      print(found);
      return code(found);
    }
    if (!json.equals(Console.STANDARD_OUTPUT)) {
      requireOutside(Path.of(json), data);
    }
    try (TextOutput output = console.open(json, force.except(FileSet.of(data)))) {
      DatasetFindings found = check(splits);
      output.json(generator -> write(generator, found));
      output.finish();
      if (!json.equals(Console.STANDARD_OUTPUT)) {
        print(found);
      }
      return code(found);
    }
  }

  private static int code(DatasetFindings found) {
    return found.fatal() ? Main.FAILED : Main.DONE;
  }

  /** Every file in the data set's folder may be read. */
  private static void requireOutside(Path target, Path data) {
    if (Files.isDirectory(data)
        && target.toAbsolutePath().normalize().startsWith(data.toAbsolutePath().normalize())) {
      throw new WrongUsage("%s lies in the data set; expected another place".formatted(target));
    }
  }

  private DatasetFindings check(List<String> splits) {
    try (Progress progress = Progress.of(console, "Checking", "images")) {
      return DatasetCheck.check(dataset.path(), splits, progress::update);
    }
  }

  private void print(DatasetFindings found) {
    found.statistics().forEach(this::print);
    found
        .findings()
        .forEach(
            (kind, places) -> {
              console.print(
                  "%s %,d %s", kind.fatal() ? "ERROR" : "note ", places.size(), kind.description());
              places.stream().limit(EXAMPLES).forEach(place -> console.print("        %s", place));
              if (places.size() > EXAMPLES) {
                console.print("        ...");
              }
            });
    console.print(found.fatal() ? "Training would stop." : "Nothing would stop training.");
  }

  private void print(SplitStatistics split) {
    console.print(
        "%s: %,d images, %s wide, %s high%n%,d objects (%s): %s%n",
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

  private static void write(JsonGenerator generator, String name, SplitStatistics.Range range)
      throws IOException {
    generator.writeObjectFieldStart(name);
    generator.writeNumberField("min", range.least());
    generator.writeNumberField("median", range.median());
    generator.writeNumberField("max", range.most());
    generator.writeEndObject();
  }
}
