package io.github.yolox4j.data;

import static io.github.yolox4j.data.OddDatasets.assertFirst;
import static io.github.yolox4j.data.OddDatasets.check;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets in VOC layout as people have them. */
class OddVocDatasetsTest {

  @TempDir Path folder;

  @Test
  void annotationsInAnotherEncodingThanTheySayAreRefusedInOneSentence() {
    String message = assertThrows(YoloxException.class, () -> train("voc-cp1252")).getMessage();
    assertTrue(message.endsWith(" is not UTF-8 text"), message);
  }

  @Test
  void vocIsReadBesideThePicturesAndBySplits() throws IOException {
    Path voc = odd("mac-voc");
    for (String name : List.of("traina", "trainb")) {
      Files.copy(voc.resolve("JPEGImages/" + name + ".jpg"), folder.resolve(name + ".jpg"));
      Files.copy(voc.resolve("Annotations/" + name + ".xml"), folder.resolve(name + ".xml"));
    }
    assertEquals(List.of("train"), Dataset.splits(folder));
    assertFirst(Dataset.open(folder, "train"));
    Path valid = Files.createDirectories(folder.resolve("valid"));
    Path train = Files.createDirectories(folder.resolve("train"));
    for (String extension : List.of(".jpg", ".xml")) {
      Files.move(folder.resolve("traina" + extension), valid.resolve("a" + extension));
      Files.move(folder.resolve("trainb" + extension), train.resolve("b" + extension));
    }
    assertEquals(List.of("train", "val"), Dataset.splits(folder));
    assertEquals(1, Dataset.open(folder, "val").truth().images().size());
    assertFalse(check(folder).fatal());
  }

  @Test
  void vocNumbersThatAreWholeAndEmptyOrWordedFlagsAreRead() throws IOException {
    Files.copy(odd("mac-voc/JPEGImages/traina.jpg"), folder.resolve("a.jpg"));
    String xml = Files.readString(odd("mac-voc/Annotations/traina.xml"));
    for (String difficult : List.of("", "False", "0", "1", "True")) {
      Files.writeString(
          folder.resolve("a.xml"),
          xml.replaceAll("<width>320</width>", "<width>320.0</width>")
              .replaceAll(
                  "<difficult>[^<]*</difficult>", "<difficult>" + difficult + "</difficult>"));
      GroundTruth truth = Dataset.open(folder, "train").truth();
      assertEquals(320, truth.images().getFirst().width());
      assertEquals(Set.of("1", "True").contains(difficult), truth.ignored(0), difficult);
    }
  }
}
