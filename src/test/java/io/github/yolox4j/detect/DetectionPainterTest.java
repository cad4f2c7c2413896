package io.github.yolox4j.detect;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.image.PixelRect;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionPainterTest {

  private static final int GROUND = 77;

  private final DetectionPainter painter = new DetectionPainter();

  @Test
  void drawsTheBoxInTheClassColourAndLeavesTheInsideAlone() {
    try (Mat picture = plain(640, 480)) {
      painter.paint(picture, List.of(detection(100, 200, 400, 420, 0.5f, 7)));
      for (int[] edge : new int[][] {{250, 200}, {250, 419}, {100, 300}, {399, 300}}) {
        assertEquals(ClassColour.of(7), colourAt(picture, edge[0], edge[1]));
      }
      for (int[] ground : new int[][] {{250, 300}, {110, 410}, {390, 410}, {50, 50}, {600, 470}}) {
        assertEquals(
            new ClassColour(GROUND, GROUND, GROUND), colourAt(picture, ground[0], ground[1]));
      }
      // the label's plate, left of its text, above the box
      assertEquals(ClassColour.of(7), colourAt(picture, 101, 195));
    }
  }

  @Test
  void edgesTheLineInContrastOnGroundOfItsColour() {
    ClassColour colour = ClassColour.of(3);
    try (Scalar ground = colour.toScalar();
        var picture = new Mat(480, 640, CV_8UC3, ground)) {
      painter.paint(picture, List.of(detection(100, 200, 400, 420, 0.5f, 3)));
      assertEquals(colour.contrast(), colourAt(picture, 99, 300));
      assertEquals(colour.contrast(), colourAt(picture, 400, 300));
    }
  }

  @Test
  void drawsTheHigherScoreOnTopInWhateverOrder() {
    var high = detection(100, 200, 400, 420, 0.9f, 1);
    var low = detection(100, 200, 400, 420, 0.4f, 2);
    for (List<Detection> order : List.of(List.of(high, low), List.of(low, high))) {
      try (Mat picture = plain(640, 480)) {
        painter.paint(picture, order);
        assertEquals(ClassColour.of(1), colourAt(picture, 250, 419));
        // the two labels, above and within
        assertEquals(ClassColour.of(1), colourAt(picture, 101, 195));
        assertEquals(ClassColour.of(2), colourAt(picture, 101, 205));
      }
    }
  }

  @Test
  void crossesNoLabelWithABox() {
    var labelled = detection(100, 200, 400, 420, 0.4f, 1);
    // its left line runs through the other's label
    var crossing = detection(104, 20, 600, 460, 0.9f, 2);
    try (Mat picture = plain(640, 480);
        Mat alone = plain(640, 480)) {
      painter.paint(alone, List.of(labelled));
      painter.paint(picture, List.of(labelled, crossing));
      for (int x = 101; x < 140; x++) {
        for (int y = 192; y < 199; y++) {
          assertEquals(colourAt(alone, x, y), colourAt(picture, x, y), x + ", " + y);
        }
      }
    }
  }

  @Test
  void leavesThePictureAsItIsWithoutDetections() {
    try (Mat picture = plain(64, 48)) {
      byte[] before = bytes(picture);
      painter.paint(picture, List.of());
      assertArrayEquals(before, bytes(picture));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-100, -100, 800, 800",
    "-50, -50, 20, 20",
    "600, 440, 700, 500",
    "0, 0, 640, 480",
    "639, 479, 640, 480",
    "-1e30, 100, 1e30, 200",
    "-Infinity, -Infinity, Infinity, Infinity"
  })
  void drawsWhatLiesInThePicture(float x1, float y1, float x2, float y2) {
    try (Mat picture = plain(640, 480)) {
      byte[] before = bytes(picture);
      painter.paint(picture, List.of(detection(x1, y1, x2, y2, 0.5f, 0)));
      assertFalse(Arrays.equals(before, bytes(picture)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "700, 10, 800, 20",
    "-90, 10, -10, 20",
    "10, 900, 20, 990",
    "10, -90, 20, -9",
    "20, 20, 10, 10",
    "NaN, NaN, NaN, NaN"
  })
  void drawsNothingForABoxOutside(float x1, float y1, float x2, float y2) {
    try (Mat picture = plain(640, 480)) {
      byte[] before = bytes(picture);
      painter.paint(picture, List.of(detection(x1, y1, x2, y2, 0.5f, 0)));
      assertArrayEquals(before, bytes(picture));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 500", "500, 1", "7, 5", "33, 20"})
  void paintsPicturesSmallerThanALabel(int width, int height) {
    try (Mat picture = plain(width, height)) {
      painter.paint(
          picture,
          List.of(
              detection(0, 0, width, height, 0.5f, 0), detection(0, 0, width, height, 0.4f, 1)));
    }
  }

  @Test
  void refusesPicturesOfAnotherType() {
    try (var grey = new Mat(10, 10, CV_8UC1)) {
      assertThrows(IllegalArgumentException.class, () -> painter.paint(grey, List.of()));
    }
  }

  @Test
  void givesTwoHundredClassesDistinctColours() {
    List<ClassColour> colours = IntStream.range(0, 200).mapToObj(ClassColour::of).toList();
    assertEquals(200, new HashSet<>(colours).size());
    for (int i = 1; i < 200; i++) {
      double distance = distance(colours.get(i - 1), colours.get(i));
      // of 442 from black to white
      assertTrue(distance > 120, i + ": " + distance);
    }
    // ids that no model has, and that a broken one may give
    assertNotEquals(ClassColour.of(-1), ClassColour.of(Integer.MAX_VALUE));
    ClassColour.of(Integer.MIN_VALUE);
  }

  private static double distance(ClassColour a, ClassColour b) {
    return Math.hypot(Math.hypot(a.red() - b.red(), a.green() - b.green()), a.blue() - b.blue());
  }

  @ParameterizedTest
  @CsvSource({
    "dog, dog 0.50",
    "Hündin, Hundin 0.50",
    "crème brûlée, creme brulee 0.50",
    "猫, #3 0.50",
    "Straße, #3 0.50",
    "' ', #3 0.50",
    "'', #3 0.50",
    "100% %s, 100% %s 0.50"
  })
  void writesLabelsInAscii(String name, String text) {
    assertEquals(text, LabelText.of(new Detection(0, 0, 1, 1, 1, 0.5f, 3, name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\t", "\u0000", "\u001b[31m"})
  void writesNoControlCharacters(String name) {
    assertEquals("#3 0.50", LabelText.of(new Detection(0, 0, 1, 1, 1, 0.5f, 3, name)));
  }

  @Test
  void fitsLabelsIntoNarrowPictures() {
    ClassColour colour = ClassColour.of(0);
    LabelPlate plate = LabelPlate.fitting("traffic light 0.86", colour, 12, 100);
    assertTrue(plate.width() <= 101, plate.width() + " pixels");
    assertEquals(12, LabelPlate.fitting("dog 0.86", colour, 12, 640).capHeight());
    assertEquals(4, LabelPlate.fitting("dog 0.86".repeat(100), colour, 12, 640).capHeight());
  }

  @Test
  void placesPlatesApartWithinThePicture() {
    var picture = new PixelRect(0, 0, 640, 480);
    var placer = new PlatePlacer(picture);
    var box = new PixelRect(600, 5, 640, 300);
    List<PixelRect> places =
        IntStream.range(0, 6).mapToObj(_ -> placer.place(box, 90, 20)).toList();
    for (int i = 0; i < places.size(); i++) {
      assertEquals(places.get(i), places.get(i).intersection(picture));
      for (int j = 0; j < i; j++) {
        assertTrue(places.get(i).intersection(places.get(j)).isEmpty(), places.toString());
      }
    }
  }

  @Test
  void paintingFreesAllNativeMemory() {
    List<Detection> many =
        IntStream.range(0, 50)
            .mapToObj(i -> detection(i * 5, i * 4, i * 5 + 200, i * 4 + 100, i / 50f, i))
            .toList();
    try (Mat picture = plain(640, 480)) {
      painter.paint(picture, many);
      long pointers = LiveNatives.count();
      painter.paint(picture, many);
      LiveNatives.assertNoneLeftSince(pointers);
    }
  }

  private static Detection detection(
      float x1, float y1, float x2, float y2, float score, int classId) {
    return new Detection(x1, y1, x2, y2, 1, score, classId, "class");
  }

  private static Mat plain(int width, int height) {
    try (Scalar ground = Scalar.all(GROUND)) {
      return new Mat(height, width, CV_8UC3, ground);
    }
  }

  private static ClassColour colourAt(Mat picture, int x, int y) {
    byte[] bgr = new byte[3];
    try (var pixel = picture.ptr(y, x)) {
      pixel.get(bgr);
    }
    return new ClassColour(bgr[2] & 0xff, bgr[1] & 0xff, bgr[0] & 0xff);
  }

  private static byte[] bytes(Mat picture) {
    byte[] bytes = new byte[(int) (picture.total() * picture.elemSize())];
    picture.data().get(bytes);
    return bytes;
  }
}
