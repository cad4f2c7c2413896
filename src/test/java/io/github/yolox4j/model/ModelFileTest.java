package io.github.yolox4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void modelFilesAgreeWithTheCode(OfficialModel model) throws IOException {
    Path file = Path.of("models", model.key() + ".yaml");
    assertEquals(model.spec(), ModelFile.read(file).spec());
    assertTrue(Files.readAllLines(file).getFirst().contains("published AP " + model.publishedAp()));
  }

  @Test
  void everyOfficialModelHasAFile() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("models"))) {
      assertEquals(
          OfficialModel.values().length, files.filter(f -> f.toString().endsWith(".yaml")).count());
    }
  }

  @Test
  void whatIsLeftOutIsThatOfTheSmallModel() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "network: {classes: 3}\n");
    ModelSpec expected = OfficialModel.S.spec().withClasses(3);
    ModelSpec read = ModelFile.read(file).spec();
    assertEquals("mine", read.name());
    assertEquals(Network.of(expected).stateDict(), Network.of(read).stateDict());
  }

  @Test
  void darknetFilesNeedNoFactors() throws IOException {
    Path file = Files.writeString(folder.resolve("d.yaml"), "network: {backbone: darknet21}\n");
    ModelSpec spec = ModelFile.read(file).spec();
    assertEquals(Activation.LRELU, spec.activation());
    assertTrue(
        Network.of(spec).parameters() < Network.of(OfficialModel.DARKNET53.spec()).parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'network:\n  dept: 1' | line 2 | did you mean 'depth'",
        "'netwrok: {}' | line 1 | did you mean 'network'",
        "'network:\n  depth: deep' | line 2 | 'network.depth'",
        "'network:\n  backbone: resnet' | line 2 | 'network.backbone'",
        "'network: {depth: 0}' | bad.yaml | depth is 0.0; expected a number above 0",
        "'network: {width: 0.3}' | bad.yaml | whole even number",
        "'network: {classes: 0}' | bad.yaml | expected a number from 1 to",
        "'network: {}\ninput: {height: 100}' | bad.yaml | multiple of 32",
        "'network: {backbone: darknet53, width: 0.5}' | bad.yaml | depth 1, width 1",
        "'network: [1, 2' | line 1 | 'network' is something else; expected a section",
        "'network: {classes: 80.7}' | line 1 | 'network.classes' is",
        "'network: {depthwise: 1}' | line 1 | expected true or false",
        "'network: {activation: 1}' | line 1 | 'network.activation' is 1; expected silu or relu or"
            + " lrelu",
        "'network: {}\n---\nnetwork: {}' | line | a second document",
        "'network: @x' | line 1 | not valid YAML",
        "'network:\n  depthwise: maybe' | line 2 | expected true or false",
        "'network: {depth: 1, depth: 2}' | line 1 | uplicate",
        "'# nothing' | bad.yaml | no section 'network'",
        "'network: {classes: 99999999999}' | line 1 | 'network.classes'",
      })
  void badFilesAreOneSentence(String content, String place, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), content);
    YoloxException e = assertThrows(YoloxException.class, () -> ModelFile.read(file));
    assertTrue(e.getMessage().contains("bad.yaml"), e.getMessage());
    assertTrue(e.getMessage().contains(place), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void missingFileIsOneSentence() {
    YoloxException e =
        assertThrows(YoloxException.class, () -> ModelFile.read(folder.resolve("no.yaml")));
    assertTrue(e.getMessage().contains("does not exist"));
  }
}
