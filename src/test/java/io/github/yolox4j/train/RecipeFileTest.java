package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Augmentation;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.StrictYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecipeFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void modelFilesAgreeWithTheCode(OfficialModel model) throws IOException {
    Path file = Path.of("models", model.key() + ".yaml");
    assertEquals(Recipe.of(model.spec()), RecipeFile.read(file));
    // under another name it is the same: what differs from the defaults is in the file
    Path renamed = folder.resolve("mine.yaml");
    Files.writeString(
        renamed, Files.readString(file).replace("name: " + model.key(), "name: mine"));
    assertEquals(Recipe.of(model.spec()), RecipeFile.read(renamed));
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void modelFilesHoldOnlyWhatDiffersFromTheDefaults(OfficialModel model) throws IOException {
    JsonNode training =
        ModelFile.read(Path.of("models", model.key() + ".yaml"))
            .training()
            .orElseGet(MissingNode::getInstance);
    JsonNode defaults = StrictYaml.tree(Recipe.DEFAULT);
    training
        .properties()
        .forEach(
            section ->
                section
                    .getValue()
                    .properties()
                    .forEach(
                        e -> {
                          JsonNode usual = defaults.get(section.getKey()).get(e.getKey());
                          assertNotEquals(usual.asDouble(), e.getValue().asDouble(), e.getKey());
                        }));
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void anExplainedRecipeHasEveryKeyWithItsValue(OfficialModel model) throws IOException {
    String text = RecipeFile.explained(model.spec(), Recipe.of(model.spec()));
    for (String key : RecipeFile.keys()) {
      String last = key.substring(key.lastIndexOf('.') + 1);
      assertTrue(text.contains(" " + last + ":"), text + " lacks " + key);
    }
    assertTrue(text.contains("# silu | relu | lrelu"), text);
    assertTrue(text.contains("# head | legacy: how objects get anchor points"), text);
    Path file = Files.writeString(folder.resolve("all.yaml"), text);
    assertEquals(model.spec(), ModelFile.read(file).spec());
    assertEquals(Recipe.of(model.spec()), RecipeFile.read(file));
  }

  @Test
  void smallModelsHaveNoMixup() {
    Augmentation tiny = Recipe.of(OfficialModel.TINY.spec()).augmentation();
    Augmentation nano = Recipe.of(OfficialModel.NANO.spec()).augmentation();
    assertEquals(0, tiny.mixupProbability());
    assertEquals(1, tiny.mosaicProbability());
    assertEquals(0, nano.mixupProbability());
    assertEquals(0.5, nano.mosaicProbability());
    assertEquals(0.5, nano.affine().minScale());
    assertEquals(1.5, nano.affine().maxScale());
    assertEquals(new MultiscaleRecipe(10, 3, 7), Recipe.of(OfficialModel.NANO.spec()).multiscale());
  }

  @Test
  void whatAFileLeavesOutIsTheModels() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("nano.yaml"),
            """
            network: {depth: 0.33, width: 0.25, depthwise: true}
            training: {epochs: 7, no-augmentation-epochs: 2, optimizer: {rate: 0.02}}
            """);
    Recipe recipe = RecipeFile.read(file);
    assertEquals(7, recipe.epochs());
    assertEquals(0.02, recipe.optimizer().rate());
    assertEquals(0.9, recipe.optimizer().momentum());
    assertEquals(0.5, recipe.augmentation().mosaicProbability());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer.rat | 0.1 | did you mean 'optimizer.rate'?",
        "epoch | 3 | did you mean 'epochs'?",
        "optimizer | {} | unknown key 'optimizer'",
        "optimizer.rate | fast | 'optimizer.rate' is fast; expected a number",
        "epochs | 2.5 | 'epochs' is",
        "epochs | 0 | 'epochs' is 0; expected a number from 1",
        "batch | -1 | 'batch' is -1",
        "augmentation.mosaic-probability | 2 | 'augmentation.mosaic-probability' is 2",
        "augmentation.hue-gain | 180 | augmentation.hue-gain' is 180; expected a number from 0 to",
        "augmentation.hue-gain | 2.5 | augmentation.hue-gain' is 2.5; expected a whole number",
        "augmentation.shear | steep | augmentation.shear' is steep; expected a number",
        "augmentation.hue-gian | 5 | did you mean 'augmentation.hue-gain'?",
        "loss.assignment | simota | expected head or legacy",
        "schedule.kind | linear | expected yoloxwarmcos",
        "schedule.milestones | 3 | expected a list",
        "average.enabled | maybe | expected true or false",
        "loader.cache | ram | expected none or memory or disk",
        "no-augmentation-epochs | 301 | expected a number from 0 to 300",
        "epochs | '[1, ' | not valid YAML",
      })
  void wrongSettingsAreOneSentence(String key, String value, String reason) {
    YoloxException e =
        assertThrows(
            YoloxException.class,
            () -> RecipeFile.change(Recipe.DEFAULT, Map.of(key, value), "--set"));
    assertTrue(e.getMessage().startsWith("--set"), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'training: {epoch: 3}' | unknown key 'training.epoch'; did you mean 'epochs'?",
        "'training: {optimizer: {momentun: 0}}' | 'training.optimizer.momentun'; did you mean"
            + " 'momentum'?",
        "'training: [1]' | expected a section",
        "'training: {optimizer: 3}' | expected a section",
        "'training: {epochs: null}' | epochs",
      })
  void wrongFilesAreOneSentence(String training, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "network: {}\n" + training + "\n");
    YoloxException e = assertThrows(YoloxException.class, () -> RecipeFile.read(file));
    assertTrue(e.getMessage().contains("bad.yaml"), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void everyKeyCanBeSetToItsOwnValue() {
    assertTrue(RecipeFile.keys().containsAll(List.of("checkpoint.minutes", "epochs", "freeze")));
    Recipe changed =
        RecipeFile.change(
            Recipe.DEFAULT,
            Map.of("checkpoint.minutes", "0.5", "freeze", "[backbone, head.stems]"),
            "--set");
    assertEquals(0.5, changed.checkpoint().minutes());
    assertEquals(List.of("backbone", "head.stems"), changed.freeze());
  }
}
