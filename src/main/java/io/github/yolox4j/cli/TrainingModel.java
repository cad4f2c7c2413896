package io.github.yolox4j.cli;

import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.train.Recipe;
import io.github.yolox4j.train.RecipeFile;
import java.nio.file.Path;

/**
 * A model and how it is trained.
 *
 * @param spec the model
 * @param recipe its recipe
 */
record TrainingModel(ModelSpec spec, Recipe recipe) {

  static TrainingModel of(ModelSpec spec) {
    return new TrainingModel(spec, Recipe.of(spec));
  }

  static TrainingModel of(Path file) {
    return new TrainingModel(ModelFile.read(file).spec(), RecipeFile.read(file));
  }

  static TrainingModel named(String text) {
    ModelArgument argument = ModelArgument.parse(text);
    return argument.official().isPresent()
        ? of(argument.spec())
        : new TrainingModel(argument.spec(), RecipeFile.read(Path.of(text)));
  }
}
