package io.github.yolox4j.data;

import static io.github.yolox4j.data.OddDatasets.check;
import static io.github.yolox4j.data.OddDatasets.found;
import static io.github.yolox4j.data.OddDatasets.odd;
import static io.github.yolox4j.data.OddDatasets.train;
import static io.github.yolox4j.data.OddDatasets.yolo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.RawName;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets in YOLO layout as people have them. */
class OddYoloDatasetsTest {

  @TempDir Path folder;

  @Test
  void anEmptyEntryIsNoSplit() {
    assertEquals(List.of("train", "val"), Dataset.splits(odd("yolo-path-up")));
  }

  @Test
  void namesAreByTheirKeysAndGapsStay() {
    assertEquals(List.of("car", "bike"), train("yolo-names-order").classNames());
    GroundTruth gap = train("yolo-names-gap").truth();
    assertEquals(
        List.of(new GroundTruth.Category(0, "car"), new GroundTruth.Category(2, "bike")),
        gap.categories());
  }

  @Test
  void namesThatLookLikeTruthValuesAreNames() throws IOException {
    assertEquals(
        List.of("no", "yes", "on", "1"),
        Dataset.open(yolo(folder, "names: [no, yes, on, 1]", "0 .5 .5 .1 .1"), "train")
            .classNames());
  }

  @Test
  void aCountOfClassesThatDisagreesIsSaid() throws IOException {
    DatasetFindings findings = check(yolo(folder, "names: [a, b]\nnc: 3", "0 .5 .5 .1 .1"));
    assertEquals(
        List.of(folder.resolve("data.yaml") + ": nc is 3, names has 2"),
        found(findings, FindingKind.DIFFERENT_CLASS_COUNT));
    assertFalse(findings.fatal());
  }

  @ParameterizedTest
  @CsvSource({
    "0 .5 .5 .25 .5 .9, 120 60 80 120",
    "1.0 .5 .5 .25 .5, 120 60 80 120",
    "0 .25 .25 .5 .25 .5 .5, 80 60 80 60",
    "0 .25 .25 .5 .25 .5 .5 .25 .5, 80 60 80 60"
  })
  void aLineIsABoxABoxWithAScoreOrAnOutline(String line, String expected) throws IOException {
    BoundingBox box = Dataset.open(yolo(folder, "names: [a, b]", line), "train").truth().box(0);
    assertEquals(
        expected, "%.0f %.0f %.0f %.0f".formatted(box.x(), box.y(), box.width(), box.height()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 .5 .5 .25",
        "2 .5 .5 .25 .5",
        "-1 .5 .5 .25 .5",
        "0.5 .5 .5 .25 .5",
        "a .5 .5 .25 .5",
        "0 .5 .5 nan .5",
        "0 .1 .1 .2 .2 .3 .3 .4",
        "0 1e308 0.5 1e308 1e308",
        "0,0.5,0.5,0.2,0.2"
      })
  void otherLinesAreRefusedByTheirNumber(String line) throws IOException {
    Path data = yolo(folder, "names: [a, b]", "0 .5 .5 .1 .1\n" + line);
    String place = folder.resolve("labels/train/0.txt") + " line 2 is '";
    String message =
        assertThrows(YoloxException.class, () -> Dataset.open(data, "train")).getMessage();
    assertTrue(message.startsWith(place), message);
    assertEquals(1, found(check(data), FindingKind.BAD_LABEL).size());
  }

  @Test
  void imagesWithoutLabelsLabelsWithoutImagesAndOtherFilesAreFound() throws IOException {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1", "0 .5 .5 .1 .1");
    Files.move(folder.resolve("labels/train/1.txt"), folder.resolve("labels/train/2.TXT"));
    Files.writeString(folder.resolve("images/train/x.heic"), "heic");
    DatasetFindings findings = check(data);
    assertEquals(
        List.of(folder.resolve("images/train/1.jpg").toString()),
        found(findings, FindingKind.NO_LABELS));
    assertEquals(
        List.of(folder.resolve("labels/train/2.TXT").toString()),
        found(findings, FindingKind.LABELS_WITHOUT_IMAGE));
    assertEquals(
        List.of(folder.resolve("images/train/x.heic").toString()),
        found(findings, FindingKind.UNKNOWN_FILE));
    Files.move(folder.resolve("labels/train/2.TXT"), folder.resolve("labels/train/1.TXT"));
    assertEquals(2, Dataset.open(data, "train").truth().size());
  }

  @Test
  void anImageWithoutItsEndMarkerIsANote() throws IOException {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1");
    byte[] whole = Files.readAllBytes(folder.resolve("images/train/0.jpg"));
    Files.write(folder.resolve("images/train/1.jpg"), Arrays.copyOf(whole, whole.length - 2));
    Files.writeString(folder.resolve("labels/train/1.txt"), "0 .5 .5 .1 .1");
    DatasetFindings findings = check(data);
    assertEquals(List.of("1.jpg (train)"), found(findings, FindingKind.NO_END_MARKER));
    assertFalse(findings.fatal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"train: [[images/train]]", "train: {a: images/train}", "train: 5"})
  void aSplitIsAFolderOrAListOfFolders(String train) throws IOException {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1");
    Files.writeString(data.resolve("data.yaml"), train + "\nnames: [a]\n");
    String message =
        assertThrows(YoloxException.class, () -> Dataset.open(data, "train")).getMessage();
    assertTrue(message.contains("expected the folder of its images"), message);
  }

  @Test
  void aListMayNameFilesOfItsFolderAbsolutely() throws IOException {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1");
    Files.writeString(
        data.resolve("list.txt"), folder.resolve("images/train/0.jpg").toAbsolutePath() + "\n");
    Files.writeString(data.resolve("data.yaml"), "train: list.txt\nnames: [a]\n");
    assertEquals(1, Dataset.open(data, "train").truth().size());
    Files.writeString(data.resolve("list.txt"), "/etc/hostname\n");
    assertThrows(YoloxException.class, () -> Dataset.open(data, "train"));
  }

  @Test
  void aPictureWhoseNameIsNoTextIsFoundAndLeftOut() throws Exception {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1");
    RawName.copy(
        odd("yolo-bom/images/train/1.jpg"), folder.resolve("images/train"), RawName.BROKEN);
    assertEquals(1, Dataset.open(data, "train").truth().images().size());
    DatasetFindings findings = check(data);
    assertEquals(1, found(findings, FindingKind.UNREADABLE_NAME).size());
    assertFalse(findings.fatal());
  }

  @Test
  void unusedLabelsAreLookedForByACheckAlone() throws IOException {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1");
    Files.writeString(folder.resolve("labels/train/gone.txt"), "");
    List<FindingKind> reading = new ArrayList<>();
    Dataset.open(data, "train", (kind, _) -> reading.add(kind));
    assertEquals(List.of(), reading);
    assertEquals(1, found(check(data), FindingKind.LABELS_WITHOUT_IMAGE).size());
  }

  @Test
  void splitsThatShareAFolderUseItsLabelsTogether() throws IOException {
    Path data = yolo(folder, "names: [a]", "0 .5 .5 .1 .1", "0 .5 .5 .1 .1");
    Files.writeString(data.resolve("list.txt"), "images/train/0.jpg\n");
    Files.writeString(data.resolve("data.yaml"), "train: list.txt\nnames: [a]\n");
    assertEquals(List.of(), found(check(data), FindingKind.LABELS_WITHOUT_IMAGE));
  }

  /** Twenty mistakes, each of its own kind or place, in one split. */
  @Test
  void twentyMistakesAreFoundInOneRun() throws IOException {
    List<String> lines =
        List.of(
            "0 .5 .5 .25", // too few numbers
            "7 .5 .5 .1 .1", // no such class
            "x .5 .5 .1 .1",
            "0 .5 .5 inf .1",
            "0 .1 .1 .2 .2 .3 .3 .4", // an outline of three and a half points
            "0.5 .5 .5 .1 .1",
            "0 .5 .5 0 .1", // no area
            "0 .9 .5 .4 .1", // reaches out
            "0 .5 .5 .1 .1",
            "0 .5 .5 .1 .1"); // marked twice
    Path data = yolo(folder, "names: [a, a, unused]\nnc: 5", String.join("\n", lines), "");
    Path images = folder.resolve("images/train");
    Path labels = folder.resolve("labels/train");
    Files.writeString(images.resolve("broken.jpg"), "no picture");
    Files.write(images.resolve("empty.jpg"), new byte[0]);
    byte[] cut = Files.readAllBytes(images.resolve("0.jpg"));
    Files.write(images.resolve("cut.jpg"), Arrays.copyOf(cut, cut.length / 2));
    Files.writeString(images.resolve("x.heic"), "heic");
    Files.writeString(labels.resolve("gone.txt"), "0 .5 .5 .1 .1");
    Files.copy(odd("yolo-bom/images/train/1.jpg"), images.resolve("no-labels.jpg"));
    Files.copy(odd("yolo-bom/images/val/1.jpg"), images.resolve("utf16.jpg"));
    Files.write(labels.resolve("utf16.txt"), "0 .5 .5 .1 .1".getBytes(StandardCharsets.UTF_16));
    Files.copy(odd("yolo-bom/images/val/0.jpg"), images.resolve("latin.jpg"));
    Files.write(labels.resolve("latin.txt"), new byte[] {(byte) 0xE4});
    Map<FindingKind, Integer> expected =
        Map.ofEntries(
            Map.entry(FindingKind.BAD_LABEL, 8),
            Map.entry(FindingKind.UNREADABLE_IMAGE, 3),
            Map.entry(FindingKind.UNKNOWN_FILE, 1),
            Map.entry(FindingKind.LABELS_WITHOUT_IMAGE, 1),
            Map.entry(FindingKind.NO_LABELS, 1),
            Map.entry(FindingKind.DIFFERENT_CLASS_COUNT, 1),
            Map.entry(FindingKind.REPEATED_CLASS, 1),
            Map.entry(FindingKind.EMPTY_BOX, 1),
            Map.entry(FindingKind.BOX_OUTSIDE, 1),
            Map.entry(FindingKind.REPEATED_OBJECT, 1),
            Map.entry(FindingKind.UNUSED_CLASS, 1));
    assertEquals(20, expected.values().stream().mapToInt(Integer::intValue).sum());
    DatasetFindings findings = check(data);
    List<String> wrong = new ArrayList<>();
    expected.forEach(
        (kind, count) -> {
          if (found(findings, kind).size() != count) {
            wrong.add("%s: %s".formatted(kind, found(findings, kind)));
          }
        });
    assertEquals(List.of(), wrong);
    assertTrue(findings.fatal());
  }
}
