package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetConversionTest {

  @TempDir Path folder;

  private Path synthetic() {
    Path set = folder.resolve("set");
    new SyntheticData(8, 4, 64, 96, 1).write(set, _ -> {});
    return set;
  }

  private Path convert(Path data, DatasetFormat format, String name) {
    Path target = folder.resolve(name);
    assertEquals(
        List.of(),
        new DatasetConversion(data, Dataset.splits(data)).write(format, target, _ -> {}));
    return target;
  }

  @ParameterizedTest
  @EnumSource
  void thereAndBackGivesTheSameBoxesClassesAndPictures(DatasetFormat format) throws IOException {
    Path original = synthetic();
    Path back = convert(convert(original, format, "there"), DatasetFormat.COCO, "back");
    assertEquals(List.of("train", "val"), Dataset.splits(folder.resolve("there")));
    for (String split : Dataset.splits(original)) {
      Dataset before = Dataset.open(original, split);
      Dataset after = Dataset.open(back, split);
      assertEquals(before.classNames(), after.classNames());
      GroundTruth a = before.truth();
      GroundTruth b = after.truth();
      assertEquals(a.images().size(), b.images().size());
      assertEquals(a.size(), b.size());
      for (int i = 0; i < a.images().size(); i++) {
        assertEquals(a.images().get(i).width(), b.images().get(i).width());
        assertEquals(a.images().get(i).height(), b.images().get(i).height());
        assertEquals(
            -1,
            Files.mismatch(
                a.images().get(i).in(before.images()), b.images().get(i).in(after.images())));
      }
      for (int i = 0; i < a.size(); i++) {
        // the detours by shares and by 1-based coordinates round in the last binary digits
        assertEquals(a.image(i), b.image(i));
        assertEquals(a.category(i), b.category(i));
        assertEquals(a.box(i).x(), b.box(i).x(), 1e-12);
        assertEquals(a.box(i).y(), b.box(i).y(), 1e-12);
        assertEquals(a.box(i).width(), b.box(i).width(), 1e-12);
        assertEquals(a.box(i).height(), b.box(i).height(), 1e-12);
      }
    }
  }

  /** One picture under a name with a folder; a plain object, a crowd and an ignored one. */
  private Path marked() throws IOException {
    Path picture = synthetic().resolve("images").resolve("val").resolve("000001.jpg");
    Path data = folder.resolve("marked");
    Files.createDirectories(data.resolve("images").resolve("val").resolve("sub"));
    Files.copy(picture, data.resolve("images").resolve("val").resolve("sub").resolve("a.jpg"));
    Files.createDirectories(data.resolve("annotations"));
    Files.writeString(
        data.resolve("annotations").resolve("instances_val.json"),
        """
        {"images": [{"id": 4, "file_name": "sub/a.jpg", "width": 96, "height": 64}],
         "annotations": [
          {"id": 1, "image_id": 4, "category_id": 9, "bbox": [1, 2, 30, 40], "area": 700},
          {"id": 2, "image_id": 4, "category_id": 9, "bbox": [5, 6, 7, 8], "iscrowd": 1},
          {"id": 3, "image_id": 4, "category_id": 2, "bbox": [5, 6, 7, 8], "gt_ignore": 1}],
         "categories": [{"id": 9, "name": "a & b"}, {"id": 2, "name": "c"}]}
        """);
    return data;
  }

  @Test
  void vocKeepsWhatIsIgnored() throws IOException {
    Path voc = convert(marked(), DatasetFormat.VOC, "voc");
    Dataset set = Dataset.open(voc, "val");
    assertEquals(List.of("c", "a & b"), set.classNames());
    assertTrue(Files.exists(voc.resolve("JPEGImages").resolve("sub_a.jpg")));
    assertEquals(3, set.truth().size());
    assertTrue(!set.truth().ignored(0) && set.truth().ignored(1) && set.truth().ignored(2));
    String xml = Files.readString(voc.resolve("Annotations").resolve("sub_a.xml"));
    assertTrue(xml.contains("<xmin>2</xmin>") && xml.contains("<xmax>32</xmax>"), xml);
  }

  @Test
  void yoloLeavesOutWhatIsIgnoredAndSaysSo() throws IOException {
    Path yolo = folder.resolve("yolo");
    List<String> losses =
        new DatasetConversion(marked(), List.of("val")).write(DatasetFormat.YOLO, yolo, _ -> {});
    assertEquals(List.of("val: 2 crowds and ignored objects are left out"), losses);
    assertEquals(1, Dataset.open(yolo, "val").truth().size());
  }

  @Test
  void aConversionThatFailsLeavesNothing() throws IOException {
    Path data = synthetic();
    Files.delete(data.resolve("images").resolve("val").resolve("000003.jpg"));
    DatasetConversion conversion = new DatasetConversion(data, List.of("train", "val"));
    for (DatasetFormat format : DatasetFormat.values()) {
      assertThrows(
          YoloxException.class, () -> conversion.write(format, folder.resolve("to"), _ -> {}));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(data), left.toList());
    }
  }

  @Test
  void darknetIsWrittenAsCvatWritesIt() throws IOException {
    Path darknet = convert(synthetic(), DatasetFormat.DARKNET, "darknet");
    assertEquals(
        List.of(
            "classes = 5",
            "train = data/train.txt",
            "valid = data/valid.txt",
            "names = data/obj.names",
            "backup = backup/"),
        Files.readAllLines(darknet.resolve("obj.data")));
    assertEquals(
        "data/obj_valid_data/000001.jpg",
        Files.readAllLines(darknet.resolve("valid.txt")).getFirst());
    assertTrue(Files.exists(darknet.resolve("obj_valid_data/000001.txt")));
    assertFalse(DatasetCheck.check(darknet, List.of("train", "val"), (_, _) -> {}).fatal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\nb", " a", "a ", ""})
  void aClassThatIsNoLineIsNotWrittenAsVoc(String name) throws IOException {
    Path data = marked();
    Path annotations = data.resolve("annotations").resolve("instances_val.json");
    Files.writeString(
        annotations, Files.readString(annotations).replace("\"a & b\"", '"' + name + '"'));
    DatasetConversion conversion = new DatasetConversion(data, List.of("val"));
    Path voc = folder.resolve("voc");
    String message =
        assertThrows(YoloxException.class, () -> conversion.write(DatasetFormat.VOC, voc, _ -> {}))
            .getMessage();
    assertTrue(message.endsWith("cannot be written as a line of classes.txt"), message);
    assertTrue(Files.notExists(voc));
    Path coco = convert(data, DatasetFormat.COCO, "coco");
    assertEquals(Dataset.open(data, "val").classNames(), Dataset.open(coco, "val").classNames());
  }

  @Test
  void peopleAreToldOfAllFormats() {
    List<String> keys =
        Arrays.stream(DatasetFormat.values()).map(DatasetFormat::key).sorted().toList();
    String last = keys.getLast();
    String listed = String.join(", ", keys.subList(0, keys.size() - 1)) + " or " + last;
    assertEquals(listed, DatasetFormat.KEYS);
    String upper =
        listed.toUpperCase(Locale.ROOT).replace(" OR ", " or ").replace("DARKNET", "Darknet");
    assertEquals("a folder in %s layout, or a YAML file".formatted(upper), DatasetFormat.PLACES);
  }

  @Test
  void theDataSetIsNotWrittenInto() {
    Path data = synthetic();
    DatasetConversion conversion = new DatasetConversion(data, List.of("val"));
    String message =
        assertThrows(
                YoloxException.class, () -> conversion.write(DatasetFormat.COCO, data, _ -> {}))
            .getMessage();
    assertTrue(message.contains("is read from"), message);
  }
}
