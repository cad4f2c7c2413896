package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.train.RecipeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the models. */
@Command(
    description = "The models with parameters, operations and published accuracy.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: yolox models",
      "         yolox models -m my-model.yaml",
      "         yolox models --recipe nano"
    })
final class ModelsCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|FILE.yaml",
      description = "Only this model.")
  private String model;

  @Option(
      names = "--recipe",
      paramLabel = "NAME|FILE.yaml",
      description = "Print a model file with every key of this model's recipe.")
  private String recipe;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write the list as JSON; - is standard output.")
  private String json;

  @Mixin private ForceOption force;

  ModelsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (recipe != null) {
      TrainingModel training = TrainingModel.named(recipe);
      console.out().print(RecipeFile.explained(training.spec(), training.recipe()));
      return Main.DONE;
    }
    List<ModelArgument> models =
        model == null
            ? Arrays.stream(OfficialModel.values()).map(ModelArgument::of).toList()
            : List.of(ModelArgument.parse(model));
    if (json == null) {
      print(models);
    } else {
      FileSet inputs = FileSet.of(model == null ? null : Path.of(model));
      console.show(json, force.except(inputs), () -> models, _ -> {}, ModelsCommand::write);
    }
    return Main.DONE;
  }

  private void print(List<ModelArgument> models) {
    console.print(
        "%-12s %9s %7s %12s %9s %9s",
        "model", "input", "classes", "parameters", "GFLOPs", "COCO AP");
    for (ModelArgument argument : models) {
      ModelSpec spec = argument.spec();
      Network network = Network.of(spec);
      console.print(
          "%-12s %9s %7d %,12d %9.2f %9s",
          spec.name(),
          spec.inputHeight() + "x" + spec.inputWidth(),
          spec.classes(),
          network.parameters(),
          gflops(spec, network),
          argument.official().map(m -> Double.toString(m.publishedAp())).orElse("-"));
    }
  }

  private static void write(List<ModelArgument> models, JsonGenerator generator)
      throws IOException {
    generator.writeStartArray();
    for (ModelArgument argument : models) {
      write(argument, generator);
    }
    generator.writeEndArray();
  }

  private static void write(ModelArgument argument, JsonGenerator generator) throws IOException {
    ModelSpec spec = argument.spec();
    Network network = Network.of(spec);
    generator.writeStartObject();
    generator.writeStringField("name", spec.name());
    generator.writeNumberField("height", spec.inputHeight());
    generator.writeNumberField("width", spec.inputWidth());
    generator.writeNumberField("classes", spec.classes());
    generator.writeNumberField("parameters", network.parameters());
    generator.writeNumberField("gflops", Math.round(gflops(spec, network) * 1e3) / 1e3);
    if (argument.official().isPresent()) {
      generator.writeNumberField("published_ap", argument.official().get().publishedAp());
    }
    generator.writeEndObject();
  }

  private static double gflops(ModelSpec spec, Network network) {
    return network.flops(spec.inputHeight(), spec.inputWidth()) / 1e9;
  }
}
