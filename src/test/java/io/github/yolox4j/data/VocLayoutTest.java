package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading data sets in VOC layout, sound and broken. */
class VocLayoutTest {

  private static final String SOUND =
      """
      <annotation>
        <filename>else.jpg</filename>
        <size><width>640</width><height>480</height></size>
        <object>
          <name>person</name>
          <difficult>1</difficult>
          <bndbox><xmin>10.5</xmin><ymin>20</ymin><xmax>30</xmax><ymax>40</ymax></bndbox>
          <part><name>head</name>
            <bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></part>
        </object>
        <object>
          <name>cat</name>
          <bndbox><ymax>4</ymax><xmax>3</xmax><ymin>2</ymin><xmin>1</xmin></bndbox>
        </object>
      </annotation>
      """;

  @TempDir Path folder;

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("ImageSets/Main"));
    Files.createDirectories(folder.resolve("Annotations"));
    Files.writeString(splitFile(), "one\n\n");
  }

  private Path splitFile() {
    return folder.resolve("ImageSets").resolve("Main").resolve("val.txt");
  }

  private Path annotation(String text) throws IOException {
    return Files.writeString(folder.resolve("Annotations").resolve("one.xml"), text);
  }

  private GroundTruth read() {
    return Dataset.open(folder, "val").truth();
  }

  private String refusal() {
    return assertThrows(YoloxException.class, () -> read()).getMessage();
  }

  @Test
  void readsObjectsWithZeroBasedCoordinates() throws IOException {
    annotation(SOUND);
    GroundTruth truth = read();
    assertEquals(
        List.of(new GroundTruth.Image(new ImageId.OfText("one"), "one.jpg", 640, 480)),
        truth.images());
    assertEquals(
        List.of(new GroundTruth.Category(0, "cat"), new GroundTruth.Category(1, "person")),
        truth.categories());
    assertEquals(2, truth.size());
    assertEquals(1, truth.category(0));
    assertEquals(9.5, truth.box(0).x());
    assertEquals(19, truth.box(0).y());
    assertEquals(19.5, truth.box(0).width());
    assertEquals(20, truth.box(0).height());
    assertTrue(truth.ignored(0));
    assertFalse(truth.crowd(0));
    assertFalse(truth.ignored(1));
    assertEquals(0, truth.box(1).x());
  }

  @Test
  void givenNamesGiveTheOrderOfCategories() throws IOException {
    Path file = annotation(SOUND);
    Files.writeString(folder.resolve("classes.txt"), "person\n\ndog\ncat\n");
    GroundTruth truth = read();
    assertEquals(0, truth.category(0));
    assertEquals(2, truth.category(1));
    Files.writeString(folder.resolve("classes.txt"), "person\n");
    assertEquals(file + " has an object called \"cat\"; expected one of person", refusal());
  }

  @Test
  void readsEverySplitOfTheBloodCells() {
    int[] images = {205, 87, 72};
    List<String> splits = List.of("train", "val", "test");
    int objects = 0;
    for (int i = 0; i < images.length; i++) {
      GroundTruth truth = Dataset.open(Shared.data("bccd"), splits.get(i)).truth();
      assertEquals(images[i], truth.images().size());
      objects += truth.size();
    }
    assertEquals(4155 + 372 + 361, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "<name>person</name>|| line 10: object 1 has no name",
        "<xmin>10.5</xmin>|| line 10: object 1 has no bndbox/xmin",
        "10.5|NaN| line 10: object 1 has bndbox/xmin \"NaN\"; expected a finite number",
        "10.5|left| line 10: object 1 has bndbox/xmin \"left\"; expected a finite number",
        "10.5|31| line 10: object 1 has the box 31.0 20.0 to 30.0 40.0; expected xmax and ymax not"
            + " below xmin and ymin",
        "<difficult>1|<difficult>yes| line 10: object 1 has difficult \"yes\"; expected 0 or 1",
        "640|wide| line 3: width is \"wide\"; expected a number of pixels",
        "640|-5| line 3: width is \"-5\"; expected a number of pixels",
        "<annotation>|<html>| line 1: the root is <html>; expected <annotation>",
        "</annotation>|| line 16: this is not valid XML",
      })
  void aBrokenAnnotationIsRefused(String sound, String broken, String message) throws IOException {
    assertTrue(SOUND.contains(sound));
    Path file = annotation(SOUND.replace(sound, broken == null ? "" : broken));
    assertEquals(file + " " + message, refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE annotation [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE annotation SYSTEM \"http://localhost:1/voc.dtd\">",
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
      })
  void aDocumentTypeIsRefused(String type) throws IOException {
    Path file = annotation(type + SOUND.replace("person", "&b;"));
    assertTrue(refusal().startsWith(file + " line 1: a document type is not allowed"), refusal());
  }

  @Test
  void namesLeadNowhereElse() throws IOException {
    Files.writeString(splitFile(), "../../secret\n");
    assertEquals(
        "\"../../secret.xml\" is no name of a file inside " + folder.resolve("Annotations"),
        refusal());
  }

  @Test
  void namesWhatIsNotThere() throws IOException {
    assertEquals(
        "Annotation file %s does not exist"
            .formatted(folder.resolve("Annotations").resolve("one.xml")),
        refusal());
    Files.delete(splitFile());
    assertEquals("%s does not exist".formatted(splitFile()), refusal());
    Files.write(splitFile(), "ä".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(splitFile() + " is not UTF-8 text", refusal());
  }

  @Test
  void anImageListedTwiceIsRefused() throws IOException {
    annotation(SOUND);
    Files.writeString(splitFile(), "one\none\n");
    assertEquals(splitFile() + " has two images of id one", refusal());
  }
}
