package io.github.yolox4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.ImageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and writing COCO files, sound and broken. */
class CocoFilesTest {

  private static final String SOUND =
      """
      {"info": {"year": [1, {"a": null}]},
       "annotations": [
        {"id": 8, "image_id": "b", "category_id": 7, "bbox": [1.5, 2, 3e1, 4], "iscrowd": 0},
        {"id": 9, "image_id": "a", "category_id": 3.0, "bbox": [0, 0, 8, 8], "area": 50.25,
         "iscrowd": true, "segmentation": {"counts": [1, 2, 3], "size": [4, 5]}},
        {"id": 10, "image_id": "b", "category_id": 3, "bbox": [5, 5, 1, 1], "gt_ignore": 1,
         "ignore": 1}],
       "categories": [{"id": 7, "name": "truck"}, {"id": 3, "name": "car"}],
       "images": [{"id": "b", "file_name": "later/b.jpg", "width": 640, "height": 480.0},
        {"id": "a"}]}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void idsOfOneHashCostNoMore(boolean text) throws IOException {
    int count = 1 << 16;
    StringBuilder images = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String bits = String.format("%16s", Integer.toBinaryString(i));
      String id =
          text
              ? '"' + bits.replace("1", "BB").replaceAll("[ 0]", "Aa") + '"'
              : Long.toString((long) i << 32 | i);
      images.append(i == 0 ? "" : ",").append("{\"id\": ").append(id).append('}');
    }
    Path file =
        file(
            "hashes.json",
            "{\"images\": [%s], \"annotations\": [], \"categories\": []}".formatted(images));
    GroundTruth truth =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> GroundTruth.read(file, (_, _) -> {}));
    assertEquals(count, truth.images().size());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private GroundTruth sound() throws IOException {
    return GroundTruth.read(file("sound.json", SOUND));
  }

  @Test
  void readsInstancesInAnyOrder() throws IOException {
    GroundTruth truth = sound();
    assertEquals(List.of("a", "b"), truth.images().stream().map(i -> i.id().toString()).toList());
    assertEquals(
        new GroundTruth.Image(new ImageId.OfText("b"), "later/b.jpg", 640, 480),
        truth.images().get(1));
    assertEquals("a", truth.images().getFirst().fileName());
    assertEquals(List.of("car", "truck"), names(truth));
    assertEquals(OptionalInt.of(1), truth.categoryIndex(7));
    assertEquals(OptionalInt.empty(), truth.categoryIndex(4));
    assertEquals(3, truth.size());
    assertEquals(1, truth.firstAnnotation(1));
    assertEquals(3, truth.firstAnnotation(2));
    assertTrue(truth.crowd(0));
    assertTrue(truth.ignored(0));
    assertEquals(50.25, truth.area(0));
    assertEquals(1, truth.category(1));
    assertEquals(1, truth.image(1));
    assertArrayEquals(
        new double[] {1.5, 2, 30, 4, 120},
        new double[] {
          truth.box(1).x(),
          truth.box(1).y(),
          truth.box(1).width(),
          truth.box(1).height(),
          truth.area(1)
        });
    assertFalse(truth.ignored(1));
    assertTrue(truth.ignored(2));
    assertFalse(truth.crowd(2));
    assertFalse(truth.idZero(2));
    assertTrue(truth.source().endsWith("sound.json"));
  }

  private static List<String> names(GroundTruth truth) {
    return truth.categories().stream().map(GroundTruth.Category::name).toList();
  }

  @Test
  void anImageFileStaysInItsFolder() throws IOException {
    Path images = Path.of("images");
    assertEquals(images.resolve("later").resolve("b.jpg"), sound().images().get(1).in(images));
    GroundTruth.Image outside =
        new GroundTruth.Image(new ImageId.OfNumber(1), "../../secret.jpg", 0, 0);
    String message = assertThrows(YoloxException.class, () -> outside.in(images)).getMessage();
    assertEquals("\"../../secret.jpg\" is no name of a file inside images", message);
  }

  @Test
  void numbersAndTextsAreDifferentIds() {
    ImageId number = new ImageId.OfNumber(7);
    ImageId text = new ImageId.OfText("7");
    assertTrue(ImageId.ORDER.compare(number, text) < 0);
    assertTrue(ImageId.ORDER.compare(text, number) > 0);
    assertTrue(ImageId.ORDER.compare(number, new ImageId.OfNumber(10)) < 0);
    assertTrue(ImageId.ORDER.compare(text, new ImageId.OfText("10")) > 0);
    assertEquals("7", number.toString());
    assertEquals("7", text.toString());
  }

  @Test
  void whatIsWrittenReadsTheSame() throws IOException {
    Detections before = EvalFiles.detections(folder);
    before.add(0, 3, new BoundingBox(0.1 + 0.2, -1e-7, 1e6, 12345.678f), Math.PI);
    Path written = folder.resolve("written.json");
    before.write(written);
    Detections after = Detections.read(written, before.groundTruth());
    assertEquals(before.size(), after.size());
    for (int i = 0; i < before.size(); i++) {
      assertEquals(before.image(i), after.image(i));
      assertEquals(before.category(i), after.category(i));
      assertEquals(before.box(i).x(), after.box(i).x());
      assertEquals(before.box(i).y(), after.box(i).y());
      assertEquals(before.box(i).width(), after.box(i).width());
      assertEquals(before.box(i).height(), after.box(i).height());
      assertEquals(before.score(i), after.score(i));
    }
  }

  @Test
  void writesImageIdsThatAreTexts() throws IOException {
    Detections detections = new Detections(sound());
    detections.add(1, 0, new BoundingBox(1, 2, 3, 4), 0.5);
    Path written = folder.resolve("written.json");
    detections.write(written);
    assertEquals(
        "[\n{\"image_id\":\"b\",\"category_id\":3,\"bbox\":[1.0,2.0,3.0,4.0],\"score\":0.5}\n]\n",
        Files.readString(written));
  }

  @Test
  void refusesNumbersThatAreNotFinite() throws IOException {
    Detections detections = new Detections(sound());
    String message =
        assertThrows(
                YoloxException.class,
                () -> detections.add(1, 0, new BoundingBox(1, 2, 3, 4), Double.NaN))
            .getMessage();
    assertTrue(message.startsWith("A detection in image b has the box [1.0, 2.0, 3.0, 4.0]"));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> detections.add(2, 0, new BoundingBox(1, 2, 3, 4), 1));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> detections.add(0, 2, new BoundingBox(1, 2, 3, 4), 1));
    assertEquals(0, detections.size());
  }

  @Test
  void namesWhatIsNotThere() {
    String missing =
        assertThrows(YoloxException.class, () -> GroundTruth.read(folder.resolve("no.json")))
            .getMessage();
    assertEquals("There is no file " + folder.resolve("no.json"), missing);
    String isFolder =
        assertThrows(YoloxException.class, () -> GroundTruth.read(folder)).getMessage();
    assertEquals(folder + " is a folder; expected a JSON file", isFolder);
  }

  /** Each row: what to replace in the sound file, by what, and the message behind its name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"bbox\": [1.5, 2, 3e1, 4], || line 3, annotation 1: there is no bbox",
        "\"image_id\": \"b\", || line 3, annotation 1: there is no image_id",
        "\"category_id\": 7, || line 3, annotation 1: there is no category_id",
        "2, 3e1, 4]| 2, 3e1]| line 3, annotation 1: bbox has 3 numbers; expected 4",
        "2, 3e1, 4]| 2, 3e1, 4, 5]| line 3, annotation 1: bbox has more than 4 numbers",
        "3e1|NaN| line 3, annotation 1: bbox is NaN; expected a finite number",
        "3e1|1e999| line 3, annotation 1: bbox is Infinity; expected a finite number",
        "3e1|\"30\"| line 3, annotation 1: found the text \"30\"; expected bbox as a number",
        "[1.5, 2, 3e1, 4]|null| line 3, annotation 1: there is no bbox",
        "[1.5, 2, 3e1, 4]|[]| line 3, annotation 1: there is no bbox",
        "[1.5, 2, 3e1, 4]|3| line 3, annotation 1: found 3; expected bbox as [left, top, width,"
            + " height]",
        "50.25|[1]| line 4, annotation 2: found an array; expected area as a number",
        "true|2| line 5, annotation 2: found 2; expected iscrowd as 0 or 1",
        "\"iscrowd\": 0|\"iscrowd\": {}| line 3, annotation 1: found an object; expected iscrowd as"
            + " a whole number",
        "3.0|3.5| line 4, annotation 2: found 3.5; expected category_id as a whole number",
        "3.0|30000000000000000000| line 4, annotation 2: found 30000000000000000000; expected"
            + " category_id as a whole number",
        "\"id\": 9|\"id\": 8| line 5, annotation 2: an earlier annotation has the id 8 too",
        "\"id\": 9|\"id\": []| line 4, annotation 2: found an array; expected id as a whole number"
            + " or a text",
        "\"category_id\": 3,|\"category_id\": 4,| line 7: annotation 3 is of the category 4, which"
            + " is not among the categories",
        "\"image_id\": \"a\"|\"image_id\": 1| line 5: annotation 2 is of the image 1, which is not"
            + " among the images",
        "{\"id\": \"a\"}|{\"id\": \"b\"}| line 10, image 2: an earlier image has the id b too",
        "{\"id\": \"a\"}|{}| line 10, image 2: there is no id",
        "{\"id\": \"a\"}|5| line 10, image 2: found 5; expected an object",
        "640|-1| line 9, image 1: width is -1; expected a number of pixels",
        "\"later/b.jpg\"|7| line 9, image 1: found 7; expected file_name as a text",
        "{\"id\": 3, |{\"id\": 7, | line 8, category 2: an earlier category has the id 7 too",
        "{\"id\": 3, |{| line 8, category 2: there is no id",
        "\"info\"|\"images\": [], \"info\"| line 9: there are two lists of images",
        "\"images\"|\"pictures\"| line 10: the object has no images",
        "\"annotations\"|\"notes\"| line 10: the object has no annotations",
        "\"categories\"|\"kinds\"| line 10: the object has no categories",
        "\"annotations\": [|\"annotations\": 3, \"x\": [| line 2: found 3; expected annotations as"
            + " an array",
        "50.25|50.25.1| line 4, annotation 2: this is not valid JSON",
      })
  void aBrokenFileIsRefusedByItsEntry(String sound, String broken, String message)
      throws IOException {
    assertTrue(SOUND.contains(sound));
    Path file = file("broken.json", SOUND.replace(sound, broken == null ? "" : broken));
    String found = assertThrows(YoloxException.class, () -> GroundTruth.read(file)).getMessage();
    assertTrue(found.startsWith(file + " " + message), found);
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws IOException {
    String sound = SOUND.strip();
    for (int length = 0; length < sound.length(); length++) {
      Path file = file("cut.json", sound.substring(0, length));
      String found = assertThrows(YoloxException.class, () -> GroundTruth.read(file)).getMessage();
      assertTrue(found.startsWith(file + " line "), found);
      assertTrue(found.matches("(?s).*(cut off|the end of the file|not valid JSON).*"), found);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[{\"image_id\":\"c\"}]| line 1, detection 1: image_id c is not among the images of ",
        "[{\"image_id\":1}]| line 1, detection 1: image_id 1 is not among the images of ",
        "[{\"category_id\":4}]| line 1, detection 1: category_id 4 is not among the categories of ",
        "[{\"score\":NaN}]| line 1, detection 1: score is NaN; expected a finite number",
        "[{\"score\":-Infinity}]| line 1, detection 1: score is -Infinity; expected a finite"
            + " number",
        "[{\"score\":true}]| line 1, detection 1: found true; expected score as a number",
        "[{\"image_id\":\"a\"}]| line 1, detection 1: there is no category_id",
        "[{\"category_id\":3}]| line 1, detection 1: there is no image_id",
        "[{\"image_id\":\"a\",\"category_id\":3}]| line 1, detection 1: there is no bbox",
        "[{\"image_id\":\"a\",\"category_id\":3,\"bbox\":[1,2,3,4]}]| line 1, detection 1: there is"
            + " no score",
        "[[1,2]]| line 1, detection 1: found an array; expected an object",
        "{\"annotations\":[]}| line 1: found an object; expected an array of detections",
        "~~| line 1: found the end of the file; expected an array of detections",
        "[| line 1, detection 1: the file ends in the middle; it is cut off",
        "[] []| line 1: something follows where the file should end",
        "hello| line 1: this is not valid JSON",
      })
  void brokenDetectionsAreRefusedByTheirEntry(String text, String message) throws IOException {
    GroundTruth truth = sound();
    Path file = file("detections.json", text);
    String found =
        assertThrows(YoloxException.class, () -> Detections.read(file, truth)).getMessage();
    assertTrue(found.startsWith(file + " " + message), found);
  }

  @Test
  void controlCharactersStayOutOfMessages() throws IOException {
    GroundTruth truth = sound();
    Path file = file("detections.json", "[{\"image_id\":\"\\u001b[2J\"}]");
    String found =
        assertThrows(YoloxException.class, () -> Detections.read(file, truth)).getMessage();
    assertTrue(found.contains("image_id ?[2J is not"), found);
  }
}
