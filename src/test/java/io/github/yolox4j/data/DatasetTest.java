package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splits, classes over splits, and what a check finds. */
class DatasetTest {

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void makeData() {
    data = folder.resolve("data");
    new SyntheticData(6, 3, 64, 64, 2).write(data, _ -> {});
  }

  private Path image(String split, int number) {
    return data.resolve("images").resolve(split).resolve("00000%d.jpg".formatted(number));
  }

  private Path annotations(String split) {
    return data.resolve("annotations").resolve("instances_%s.json".formatted(split));
  }

  private DatasetFindings check() {
    return DatasetCheck.check(data, Dataset.splits(data), (_, _) -> {});
  }

  private void replace(String split, String what, String by) throws IOException {
    String text = Files.readString(annotations(split));
    assertTrue(text.contains(what), what);
    Files.writeString(
        annotations(split), text.replaceFirst(Pattern.quote(what), Matcher.quoteReplacement(by)));
  }

  @Test
  void aSplitThatLacksAClassNumbersTheOthersAsTheRest() throws IOException {
    Path voc = folder.resolve("voc");
    Files.createDirectories(voc.resolve("Annotations"));
    Files.createDirectories(voc.resolve("JPEGImages"));
    Path main = Files.createDirectories(voc.resolve("ImageSets").resolve("Main"));
    for (String name : List.of("dog", "cat")) {
      Files.writeString(
          voc.resolve("Annotations").resolve(name + ".xml"),
          """
          <annotation><object><name>%s</name><bndbox><xmin>1</xmin><ymin>1</ymin>
          <xmax>5</xmax><ymax>5</ymax></bndbox></object></annotation>
          """
              .formatted(name));
    }
    Files.createFile(voc.resolve("JPEGImages").resolve("dog.png"));
    Files.writeString(main.resolve("train.txt"), "cat\n");
    Files.writeString(main.resolve("val.txt"), "dog\n");
    Files.writeString(main.resolve("trainval.txt"), "cat\ndog\n");
    Files.writeString(main.resolve("dog_val.txt"), "dog 1\n");
    assertEquals(List.of("train", "val"), Dataset.splits(voc));
    Dataset val = Dataset.open(voc, "val");
    assertEquals(List.of("cat", "dog"), val.classNames());
    assertEquals(1, val.truth().category(0));
    assertEquals("dog.png", val.truth().images().getFirst().fileName());
    Files.writeString(voc.resolve("classes.txt"), "dog\ncat\n");
    assertEquals(
        List.of("dog", "cat"), TrainingData.open(voc, "train", "val").train().classNames());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{valid: images/a, names: {0: x, 1: y}}",
        "{val: [images/a], names: [x, y]}",
        "{val: list.txt, names: [x, y]}"
      })
  void yoloSplitsAreFoldersOrLists(String description) throws IOException {
    Path yolo = folder.resolve("yolo");
    Path images = Files.createDirectories(yolo.resolve("images").resolve("a"));
    Files.copy(image("val", 1), images.resolve("one.jpg"));
    Files.writeString(images.resolve("notes.cache"), "no picture");
    Files.createDirectories(yolo.resolve("labels").resolve("a"));
    Files.writeString(yolo.resolve("labels").resolve("a").resolve("one.txt"), "1 .5 .5 .5 .25\n");
    Files.writeString(yolo.resolve("list.txt"), "./images/a/one.jpg\n");
    Files.writeString(yolo.resolve("data.yaml"), description);
    assertEquals(List.of("val"), Dataset.splits(yolo));
    Files.writeString(
        yolo.resolve("more.yaml"), "{path: ., other: images/a, license: free, nc: 2}");
    assertEquals(List.of("other"), Dataset.splits(yolo.resolve("more.yaml")));
    Dataset set = Dataset.open(yolo, "val");
    assertEquals(List.of("x", "y"), set.classNames());
    assertEquals(1, set.truth().size());
    assertEquals(16, set.truth().box(0).x());
    assertTrue(Files.exists(set.truth().images().getFirst().in(set.images())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "names: [x]\ntrain: \"a\\0b\"\n",
        "names: [x]\npath: \"a\\0b\"\ntrain: images\n",
        "format: coco\ntrain: {images: b, annotations: \"a\\0b\"}\n",
        "format: voc\ntrain: {folder: \"a\\0b\"}\n",
      })
  void namesThatNoFileCanHaveAreOneSentence(String text) throws IOException {
    Path description = Files.writeString(folder.resolve("data.yaml"), text);
    String message =
        assertThrows(YoloxException.class, () -> Dataset.open(description, "train")).getMessage();
    assertEquals(description + ": 'a?b' is no path", message);
  }

  @Test
  void aDescriptionThatIsNestedTooDeepIsOneSentence() throws IOException {
    Path description = folder.resolve("data.yaml");
    Files.writeString(description, "train: " + "[".repeat(1001) + "]".repeat(1001));
    String message =
        assertThrows(YoloxException.class, () -> Dataset.splits(description)).getMessage();
    assertTrue(message.startsWith(description + " line "), message);
  }

  private Path converted(DatasetFormat format) {
    Path target = folder.resolve("linked");
    new DatasetConversion(data, List.of("train", "val")).write(format, target, _ -> {});
    return target;
  }

  /** The same data set whose folders lie elsewhere. */
  @ParameterizedTest
  @EnumSource
  void foldersMayBeLinks(DatasetFormat format) throws IOException {
    Path set = converted(format);
    Dataset before = Dataset.open(set, "val");
    List<Path> folders;
    try (Stream<Path> entries = Files.list(set)) {
      folders = entries.filter(Files::isDirectory).toList();
    }
    for (Path inside : folders) {
      Path elsewhere = folder.resolve("moved").resolve(inside.getFileName());
      Files.createDirectories(elsewhere.getParent());
      Files.move(inside, elsewhere);
      Files.createSymbolicLink(inside, elsewhere);
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), set);
    Dataset after = Dataset.open(link, "val");
    assertEquals(before.classNames(), after.classNames());
    assertEquals(before.truth().images(), after.truth().images());
    assertEquals(before.truth().size(), after.truth().size());
    assertEquals(Dataset.splits(set), Dataset.splits(link));
    assertFalse(
        DatasetCheck.check(link, Dataset.splits(link), (_, _) -> {}).fatal(), format.toString());
  }

  @Test
  void aFolderThatLeadsIntoItselfIsOneSentence() throws IOException {
    Path set = converted(DatasetFormat.VOC);
    Path images = set.resolve("JPEGImages");
    Files.createSymbolicLink(images.resolve("loop"), images);
    String message =
        assertThrows(YoloxException.class, () -> Dataset.open(set, "val")).getMessage();
    assertTrue(message.startsWith("Folder %s cannot be read: ".formatted(images)), message);
  }

  @Test
  void trainingNeedsTheSameClasses() throws IOException {
    assertTrue(TrainingData.open(data, "train", "val").validation().isPresent());
    assertEquals(Optional.empty(), TrainingData.open(data, "train", "test").validation());
    replace("val", "\"star\"", "\"sun\"");
    String message =
        assertThrows(YoloxException.class, () -> TrainingData.open(data, "train", "val"))
            .getMessage();
    assertTrue(message.contains("square, triangle, sun; expected the same"), message);
    assertEquals(Set.of(FindingKind.DIFFERENT_CLASSES), fatal(check()));
  }

  private static Set<FindingKind> fatal(DatasetFindings found) {
    return found.findings().keySet().stream()
        .filter(FindingKind::fatal)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"images\": [], \"annotations\": [], \"categories\": []}",
        "{\"images\": [{"
      })
  void anEmptyOrBrokenFileIsOneFindingThatNamesIt(String text) throws IOException {
    Files.writeString(annotations("val"), text);
    DatasetFindings found = check();
    assertTrue(found.fatal());
    String message = found.findings().get(FindingKind.UNREADABLE_SPLIT).getFirst();
    assertTrue(message.startsWith(annotations("val").toString()), message);
    assertEquals(1, found.statistics().size(), "the other split is still counted");
  }

  @Test
  void aSoundSetHasNoErrors() {
    DatasetFindings found = check();
    assertFalse(found.fatal());
    SplitStatistics train = found.statistics().getFirst();
    assertEquals(6, train.images());
    assertEquals(new SplitStatistics.Spread(64, 64, 64), train.widths());
    assertEquals(
        train.objects(), train.byClass().values().stream().mapToLong(Long::longValue).sum());
    assertEquals(
        train.objects(), train.bySize().values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void everyDamageIsFound() throws IOException {
    Files.delete(image("train", 1));
    Files.writeString(image("train", 2), "no picture");
    Files.copy(image("train", 4), image("train", 3), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(image("train", 4), image("val", 1), StandardCopyOption.REPLACE_EXISTING);
    replace("val", "\"width\":64", "\"width\":65");
    replace(
        "train",
        "\"annotations\":[",
        """
        "annotations":[
        {"id": 1001, "image_id": 5, "category_id": 1, "bbox": [1, 2, 0, 4]},
        {"id": 1002, "image_id": 5, "category_id": 1, "bbox": [1, 2, 90, 4]},
        {"id": 1003, "image_id": 5, "category_id": 1, "bbox": [1, 2, 90, 4]},
        """);
    replace("train", "\"images\":[", "\"images\":[{\"id\": 77, \"file_name\": \"none.jpg\"},");
    DatasetFindings found = check();
    assertEquals(Set.of(FindingKind.MISSING_IMAGE, FindingKind.UNREADABLE_IMAGE), fatal(found));
    assertEquals(2, count(found, FindingKind.MISSING_IMAGE));
    assertEquals(1, count(found, FindingKind.UNREADABLE_IMAGE));
    assertEquals(1, count(found, FindingKind.REPEATED_IMAGE));
    assertEquals(1, count(found, FindingKind.LEAKED_IMAGE));
    assertEquals(1, count(found, FindingKind.DIFFERENT_SIZE));
    assertEquals(1, count(found, FindingKind.EMPTY_BOX));
    assertEquals(2, count(found, FindingKind.BOX_OUTSIDE));
    assertEquals(1, count(found, FindingKind.REPEATED_OBJECT));
    assertEquals(1, count(found, FindingKind.NO_OBJECTS));
  }

  private static int count(DatasetFindings found, FindingKind kind) {
    return found.findings().getOrDefault(kind, List.of()).size();
  }

  @Test
  void theBloodCellsHaveTwoImagesWithEmptyBoxes() {
    Path blood = Shared.data("bccd");
    DatasetFindings found = DatasetCheck.check(blood, Dataset.splits(blood), (_, _) -> {});
    assertFalse(found.fatal(), found.findings().toString());
    Set<String> images =
        found.findings().get(FindingKind.EMPTY_BOX).stream()
            .map(place -> place.substring(0, place.indexOf('.')))
            .collect(Collectors.toSet());
    assertEquals(Set.of("BloodImage_00338", "BloodImage_00343"), images);
  }
}
