package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.ClassNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets as people have them, each after a public report. */
class OddDatasetsTest {

  private static final BoundingBox FIRST = new BoundingBox(80, 60, 80, 60);

  @TempDir Path folder;

  private static Path odd(String name) {
    return Shared.data("odd-datasets/" + name);
  }

  private static Dataset train(String name) {
    return Dataset.open(odd(name), "train");
  }

  private static DatasetFindings check(Path data) {
    return DatasetCheck.check(data, Dataset.splits(data), (_, _) -> {});
  }

  private static List<String> found(DatasetFindings findings, FindingKind kind) {
    return findings.findings().getOrDefault(kind, List.of());
  }

  private static void assertFirst(Dataset set) {
    BoundingBox box = set.truth().box(0);
    assertEquals(FIRST.x(), box.x(), 1e-3);
    assertEquals(FIRST.y(), box.y(), 1e-3);
    assertEquals(FIRST.width(), box.width(), 1e-3);
    assertEquals(FIRST.height(), box.height(), 1e-3);
  }

  /** Every folder that can be trained on, with two images in its split. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "yolo-polygon",
        "yolo-names-order",
        "yolo-names-gap",
        "yolo-bom",
        "bom-voc",
        "yolo-path-up",
        "roboflow-updir",
        "coco-roboflow",
        "coco-ls",
        "coco-ls-win",
        "mac-yolo",
        "mac-voc",
        "yolo-float-class",
        "yolo-mixedext",
        "coco-dupname"
      })
  void whatCanBeTrainedOnIsReadAndChecked(String name) {
    Dataset set = train(name);
    assertEquals(2, set.truth().images().size());
    assertEquals(name.endsWith("voc") ? 2 : 4, set.truth().size());
    assertFirst(set);
    set.truth().images().forEach(image -> assertTrue(Files.exists(image.in(set.images()))));
    DatasetFindings findings = check(odd(name));
    assertFalse(findings.fatal(), findings.findings().toString());
    assertEquals(List.of(), found(findings, FindingKind.BOX_OUTSIDE));
  }

  @Test
  void valIsCalledValidByRoboflow() {
    assertEquals(List.of("train", "val"), Dataset.splits(odd("coco-roboflow")));
    assertTrue(TrainingData.open(odd("coco-roboflow"), "train", "val").validation().isPresent());
  }

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

  private Path yolo(String names, String... labels) throws IOException {
    Path images = Files.createDirectories(folder.resolve("images/train"));
    Files.createDirectories(folder.resolve("labels/train"));
    for (int i = 0; i < labels.length; i++) {
      Files.copy(odd("yolo-bom/images/train/0.jpg"), images.resolve(i + ".jpg"));
      Files.writeString(folder.resolve("labels/train").resolve(i + ".txt"), labels[i]);
    }
    Files.writeString(folder.resolve("data.yaml"), "train: images/train\n" + names + "\n");
    return folder;
  }

  @Test
  void namesThatLookLikeTruthValuesAreNames() throws IOException {
    assertEquals(
        List.of("no", "yes", "on", "1"),
        Dataset.open(yolo("names: [no, yes, on, 1]", "0 .5 .5 .1 .1"), "train").classNames());
  }

  @Test
  void aCountOfClassesThatDisagreesIsSaid() throws IOException {
    DatasetFindings findings = check(yolo("names: [a, b]\nnc: 3", "0 .5 .5 .1 .1"));
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
    BoundingBox box = Dataset.open(yolo("names: [a, b]", line), "train").truth().box(0);
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
    Path data = yolo("names: [a, b]", "0 .5 .5 .1 .1\n" + line);
    String place = folder.resolve("labels/train/0.txt") + " line 2 is '";
    String message =
        assertThrows(YoloxException.class, () -> Dataset.open(data, "train")).getMessage();
    assertTrue(message.startsWith(place), message);
    assertEquals(1, found(check(data), FindingKind.BAD_LABEL).size());
  }

  @Test
  void imagesWithoutLabelsLabelsWithoutImagesAndOtherFilesAreFound() throws IOException {
    Path data = yolo("names: [a]", "0 .5 .5 .1 .1", "0 .5 .5 .1 .1");
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
    Path data = yolo("names: [a]", "0 .5 .5 .1 .1");
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
    Path data = yolo("names: [a]", "0 .5 .5 .1 .1");
    Files.writeString(data.resolve("data.yaml"), train + "\nnames: [a]\n");
    String message =
        assertThrows(YoloxException.class, () -> Dataset.open(data, "train")).getMessage();
    assertTrue(message.contains("expected the folder of its images"), message);
  }

  @Test
  void aListMayNameFilesOfItsFolderAbsolutely() throws IOException {
    Path data = yolo("names: [a]", "0 .5 .5 .1 .1");
    Files.writeString(
        data.resolve("list.txt"), folder.resolve("images/train/0.jpg").toAbsolutePath() + "\n");
    Files.writeString(data.resolve("data.yaml"), "train: list.txt\nnames: [a]\n");
    assertEquals(1, Dataset.open(data, "train").truth().size());
    Files.writeString(data.resolve("list.txt"), "/etc/hostname\n");
    assertThrows(YoloxException.class, () -> Dataset.open(data, "train"));
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

  @Test
  void byteOrderMarksAreSkippedAndUtf16IsRefusedByName() throws IOException {
    assertEquals("a", ClassNames.read(odd("classes_bom.txt")).getFirst());
    Path wide = folder.resolve("wide.txt");
    Files.write(wide, "a\nb\n".getBytes(StandardCharsets.UTF_16));
    assertEquals(
        "Class file %s is UTF-16 text; save it as UTF-8".formatted(wide),
        assertThrows(YoloxException.class, () -> ClassNames.read(wide)).getMessage());
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
  void annotationsInAnotherEncodingThanTheySayAreRefusedInOneSentence() {
    String message = assertThrows(YoloxException.class, () -> train("voc-cp1252")).getMessage();
    assertTrue(message.endsWith(" is not UTF-8 text"), message);
  }

  @Test
  void anUnknownLayoutSaysWhatWasFoundAndLookedFor() {
    String message =
        assertThrows(YoloxException.class, () -> Dataset.splits(odd("cvat-yolo11"))).getMessage();
    assertTrue(message.contains("obj.data, obj.names, obj_train_data, train.txt"), message);
    assertTrue(message.contains("expected Annotations/*.xml"), message);
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
    Path data = yolo("names: [a, a, unused]\nnc: 5", String.join("\n", lines), "");
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
