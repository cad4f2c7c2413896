package io.github.yolox4j.data;

import static io.github.yolox4j.data.OddDatasets.assertFirst;
import static io.github.yolox4j.data.OddDatasets.check;
import static io.github.yolox4j.data.OddDatasets.found;
import static io.github.yolox4j.data.OddDatasets.odd;
import static io.github.yolox4j.data.OddDatasets.train;
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

/** Data sets in COCO layout as people have them. */
class OddCocoDatasetsTest {

  @TempDir Path folder;

  @Test
  void valIsCalledValidByRoboflow() {
    assertEquals(List.of("train", "val"), Dataset.splits(odd("coco-roboflow")));
    assertTrue(TrainingData.open(odd("coco-roboflow"), "train", "val").validation().isPresent());
  }

  @ParameterizedTest
  @CsvSource({"coco-allcrowd, has only crowds", "coco-noann, has no objects"})
  void nothingToLearnIsSaid(String name, String expected) {
    DatasetFindings findings = check(odd(name));
    assertTrue(findings.fatal());
    String sentence = found(findings, FindingKind.NOTHING_TO_LEARN).getFirst();
    assertTrue(sentence.endsWith(expected), sentence);
  }

  @Test
  void classesOfOneNameAreSaid() {
    assertEquals(
        List.of("a (train)", "a (val)"),
        found(check(odd("coco-dupname")), FindingKind.REPEATED_CLASS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "coco-strcat | category 1: found the text \"1\"; expected id as a whole number",
        "coco-strimg | annotation 1 is of the image \"1\", which is not among the images; the image"
            + " of that id is a number"
      })
  void anIdThatIsATextIsShownAsOne(String name, String expected) {
    String message = assertThrows(YoloxException.class, () -> train(name)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void outlinesGiveBoxesThatAreMissing() throws IOException {
    Files.copy(odd("coco-ls/images/a.jpg"), folder.resolve("a.jpg"));
    Files.writeString(
        folder.resolve("labels.json"),
        """
        {"images": [{"id": 1, "file_name": "a.jpg", "width": 4, "height": 3}],
        "categories": [{"id": 1, "name": "x"}],
        "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 3, 1, 3, 2], [0, 1, 1, 2]]},
        {"id": 2, "image_id": 1, "category_id": 1, "bbox": [],
          "segmentation": {"size": [3, 4], "counts": [4, 2, 1, 1, 4]}},
        {"id": 3, "image_id": 1, "category_id": 1, "segmentation": {"size": [3, 4], "counts": "421"}}
        ]}
        """);
    GroundTruth truth = Dataset.open(folder, "train").truth();
    assertEquals(new BoundingBox(0, 1, 3, 1), truth.box(0));
    assertEquals(new BoundingBox(1, 1, 2, 2), truth.box(1));
    assertEquals(3, found(check(folder), FindingKind.OUTLINE_ONLY).size());
  }

  @Test
  void picturesMayLieInDataBesideTheLabels() throws IOException {
    Path ls = odd("coco-ls");
    Files.createDirectories(folder.resolve("data"));
    for (String name : List.of("a.jpg", "b.jpg")) {
      Files.copy(ls.resolve("images").resolve(name), folder.resolve("data").resolve(name));
    }
    String json = Files.readString(ls.resolve("result.json")).replace("images/", "");
    Files.writeString(folder.resolve("labels.json"), json);
    assertFirst(Dataset.open(folder, "train"));
    assertFalse(check(folder).fatal());
  }
}
