package io.github.yolox4j.cli;

import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A model that was named on the command line.
 *
 * @param spec the model
 * @param official the official model of that name; nothing for a model file
 */
record ModelArgument(ModelSpec spec, Optional<OfficialModel> official) {

  static ModelArgument of(OfficialModel model) {
    return new ModelArgument(model.spec(), Optional.of(model));
  }

  static ModelArgument parse(String text) {
    Optional<OfficialModel> official = OfficialModel.named(text);
    if (official.isPresent()) {
      return of(official.get());
    }
    if (text.endsWith(".yaml") || text.endsWith(".yml")) {
      return new ModelArgument(ModelFile.read(Path.of(text)).spec(), Optional.empty());
    }
    throw new WrongUsage(
        "Unknown model '%s'; expected %s or a .yaml file".formatted(text, officialNames()));
  }

  static OfficialModel parseOfficial(String text) {
    return OfficialModel.named(text)
        .orElseThrow(
            () ->
                new WrongUsage("Unknown model '%s'; expected %s".formatted(text, officialNames())));
  }

  private static String officialNames() {
    return Arrays.stream(OfficialModel.values())
        .map(OfficialModel::key)
        .collect(Collectors.joining(", "));
  }
}
