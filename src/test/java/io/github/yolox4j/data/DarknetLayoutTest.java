package io.github.yolox4j.data;

import static io.github.yolox4j.data.OddDatasets.check;
import static io.github.yolox4j.data.OddDatasets.found;
import static io.github.yolox4j.data.OddDatasets.odd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DarknetLayoutTest {

  private static final String SOUND =
      "classes = 2\ntrain = data/train.txt\nvalid = data/test.txt\nnames = data/obj.names\n";

  @TempDir Path folder;

  /** As trees of Darknet have it: all pictures in one folder, of which the lists take their own. */
  private Path darknet(String data) throws IOException {
    Path set = Files.createDirectories(folder.resolve("set"));
    Path pictures = Files.createDirectories(set.resolve("obj"));
    for (String name : List.of("f0", "f1")) {
      for (String extension : List.of(".png", ".txt")) {
        Files.copy(
            odd("cvat-yolo11/obj_train_data/" + name + extension),
            pictures.resolve(name + extension));
      }
    }
    Files.writeString(set.resolve("obj.names"), "a\nb\n");
    Files.writeString(set.resolve("train.txt"), "data/obj/f0.png\n");
    Files.writeString(set.resolve("test.txt"), "data/obj/f1.png\n");
    Files.writeString(set.resolve("obj.data"), data);
    return set;
  }

  private static String refused(Path set) {
    return assertThrows(YoloxException.class, () -> Dataset.open(set, "train")).getMessage();
  }

  @Test
  void splitsMayShareAFolderOfPictures() throws IOException {
    Path set = darknet(SOUND);
    assertEquals(List.of("train", "val"), Dataset.splits(set));
    assertEquals("obj/f1.png", Dataset.open(set, "val").truth().images().getFirst().fileName());
    DatasetFindings findings = check(set);
    assertFalse(findings.fatal());
    assertEquals(List.of(), found(findings, FindingKind.LABELS_WITHOUT_IMAGE));
    Files.writeString(set.resolve("obj/gone.txt"), "");
    assertEquals(
        List.of(set.resolve("obj/gone.txt").toString()),
        found(check(set), FindingKind.LABELS_WITHOUT_IMAGE));
  }

  @Test
  void withoutAListOfValidationThereIsNone() throws IOException {
    Path set = darknet(SOUND.replace("valid = data/test.txt", "valid ="));
    assertEquals(List.of("train"), Dataset.splits(set));
    assertTrue(TrainingData.open(set, "train", "val").validation().isEmpty());
    assertEquals(
        set.resolve("obj.data") + ": 'valid' is missing; expected the list of its pictures",
        assertThrows(YoloxException.class, () -> Dataset.open(set, "val")).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/obj/f0.png",
        "obj/f0.png",
        "./data/obj/f0.png",
        "set/obj/f0.png",
        "data\\obj\\f0.png",
        "FOLDER/obj/f0.png"
      })
  void pathsBeginInTheFolderOrAboveIt(String path) throws IOException {
    Path set = darknet(SOUND);
    Files.writeString(set.resolve("train.txt"), path.replace("FOLDER", set.toString()) + "\n");
    Dataset opened = Dataset.open(set, "train");
    assertEquals("obj/f0.png", opened.truth().images().getFirst().fileName());
    assertEquals(2, opened.truth().size());
  }

  @Test
  void aFolderCalledDataInTheFolderComesFirst() throws IOException {
    Path set = darknet(SOUND);
    Files.createDirectories(set.resolve("data"));
    Files.move(set.resolve("obj"), set.resolve("data/obj"));
    assertEquals(
        "data/obj/f0.png", Dataset.open(set, "train").truth().images().getFirst().fileName());
  }

  @Test
  void labelsBesideThePicturesAreFoundBelowAFolderCalledImages() throws IOException {
    Path set = darknet(SOUND);
    Path images = Files.createDirectories(folder.resolve("images"));
    Path moved = Files.move(set, images.resolve("set"));
    assertEquals(2, Dataset.open(moved, "train").truth().size());
  }

  @Test
  void byteOrderMarksCarriageReturnsAndCommentsAreSkipped() throws IOException {
    Path set = darknet("\ufeff# of a project\r\n" + SOUND.replace("\n", "\r\n\r\n; more\r\n"));
    Files.writeString(set.resolve("train.txt"), "\ufeffdata/obj/f0.png\r\n\r\n");
    Files.writeString(set.resolve("obj.names"), "\ufeffa\r\nb\r\n");
    Dataset opened = Dataset.open(set, "train");
    assertEquals(List.of("a", "b"), opened.classNames());
    assertEquals(2, opened.truth().size());
    assertFalse(check(set).fatal());
  }

  @ParameterizedTest
  @CsvSource({"1, classes is 1", "80, classes is 80", "two, classes is two"})
  void aCountOfClassesThatDisagreesIsSaid(String count, String expected) throws IOException {
    Path set = darknet(SOUND.replace("classes = 2", "classes = " + count));
    assertEquals(
        List.of("%s: %s, obj.names has 2".formatted(set.resolve("obj.data"), expected)),
        found(check(set), FindingKind.DIFFERENT_CLASS_COUNT));
    assertEquals(2, Dataset.open(set, "train").truth().size());
  }

  @Test
  void aClassThatHasNoNameIsRefusedByLine() throws IOException {
    Path set = darknet(SOUND);
    Files.writeString(set.resolve("obj.names"), "a\n");
    String message = refused(set);
    assertTrue(message.startsWith(set.resolve("obj/f0.txt") + " line 2 is '1 "), message);
    assertTrue(message.contains("expected a class from 0 to 0"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "names = data/obj.names | names = data/none.names | FOLDER/none.names does not exist",
        "names = data/obj.names | | FOLDER/obj.data: 'names' is missing; expected the file of the"
            + " classes",
        "train = data/train.txt | train = data/none.txt | FOLDER/none.txt does not exist",
        "train = data/train.txt | train = ../train.txt | \"../train.txt\" is no name of a file"
            + " inside FOLDER",
        "classes = 2 | classes 2 | FOLDER/obj.data line 1 is 'classes 2'; expected a key, = and a"
            + " value"
      })
  void whatIsWrongInObjDataIsSaid(String line, String instead, String expected) throws IOException {
    Path set = darknet(SOUND.replace(line, instead == null ? "" : instead));
    assertEquals(expected.replace("FOLDER", set.toString()), refused(set));
  }

  @Test
  void anEmptyListOfClassesIsSaid() throws IOException {
    Path set = darknet(SOUND);
    Files.writeString(set.resolve("obj.names"), "\n");
    assertEquals(set.resolve("obj.names") + " has no classes", refused(set));
  }

  @Test
  void anEmptyListOfPicturesIsSaid() throws IOException {
    Path set = darknet(SOUND);
    Files.writeString(set.resolve("train.txt"), "");
    assertEquals(set.resolve("train.txt") + " has no images", refused(set));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../f0.png", "data/../../f0.png", "/etc/f0.png"})
  void aPictureOutsideTheFolderIsRefused(String path) throws IOException {
    Path set = darknet(SOUND);
    Files.writeString(set.resolve("train.txt"), path + "\n");
    assertEquals("\"%s\" is no name of a file inside %s".formatted(path, set), refused(set));
  }

  @Test
  void aPictureThatIsNotThereIsMissing() throws IOException {
    Path set = darknet(SOUND);
    Files.delete(set.resolve("obj/f0.png"));
    String sentence = "Picture %s does not exist".formatted(set.resolve("obj/f0.png"));
    assertEquals(sentence, refused(set));
    Files.writeString(set.resolve("train.txt"), "data/obj/f0.png\ndata/obj/f1.png\n");
    DatasetFindings findings = DatasetCheck.check(set, List.of("train"), (_, _) -> {});
    assertEquals(List.of(sentence), found(findings, FindingKind.MISSING_IMAGE));
  }

  @Test
  void aDescriptionMayTellOfIt() throws IOException {
    Path set = darknet(SOUND);
    Path description = folder.resolve("all.yaml");
    Files.writeString(description, "format: darknet\ntrain: { folder: %s }\n".formatted(set));
    assertEquals(2, Dataset.open(description, "train").truth().size());
  }
}
