package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Sha256;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.Download;
import io.github.yolox4j.weights.OfficialWeights;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads official weights. */
@Command(
    description = {
      "Downloads the official weights of a model into the user's cache folder and checks their"
          + " SHA-256 and that every key and shape fits. A download that broke off is continued."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox weights get nano"})
final class WeightsGetCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "NAME", description = "nano, tiny, s, m, l, x or darknet53.")
  private String name;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where to download from instead, for example a mirror.")
  private URI url;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "The checksum that the file must have (default: the published file's).")
  private String sha256;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to keep the file instead of the cache folder.")
  private Path output;

  @Option(names = "--force", description = "Download again what is there.")
  private boolean force;

  WeightsGetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OfficialModel model = ModelArgument.parseOfficial(name);
    Path target =
        output != null ? output : OfficialWeights.cached(model, OfficialWeights.cacheFolder());
    if (Files.exists(target) && !force) {
      requireSound(model, target);
      console.print("%s is there already", target);
      return Main.DONE;
    }
    URI source = url != null ? url : OfficialWeights.uri(model);
    try (Progress progress = Progress.of(console, "Downloading " + target.getFileName(), "B")) {
      new Download()
          .fetch(
              source,
              target,
              OfficialWeights.MOST_BYTES,
              file -> requireSound(model, file),
              progress::update);
    }
    console.out().println(target);
    return Main.DONE;
  }

  private void requireSound(OfficialModel model, Path file) {
    String expected =
        sha256 == null ? OfficialWeights.sha256(model) : sha256.toLowerCase(Locale.ROOT);
    String found = Sha256.of(file);
    if (!found.equals(expected)) {
      throw new YoloxException(
          "%s has the SHA-256 %s; expected %s".formatted(file, found, expected));
    }
    try (Weights weights = Weights.read(file)) {
      WeightsMatch.of(model.spec(), weights).requireExact();
    }
  }
}
