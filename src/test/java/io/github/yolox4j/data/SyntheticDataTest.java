package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.OpenCv;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticDataTest {

  private static final SyntheticData SMALL = new SyntheticData(40, 12, 128, 192, 7);

  @TempDir Path folder;

  private Path write(SyntheticData data, String name) {
    Path written = folder.resolve(name);
    data.write(written, _ -> {});
    return written;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }

  @Test
  void whatIsWrittenReadsBack() {
    long natives = LiveNatives.count();
    Path written = write(SMALL, "set");
    LiveNatives.assertNoneLeftSince(natives);

    GroundTruth truth = Dataset.open(written, "train").truth();
    assertEquals(40, truth.images().size());
    assertEquals(12, Dataset.open(written, "val").truth().images().size());
    assertEquals(
        SyntheticData.CLASS_NAMES,
        truth.categories().stream().map(GroundTruth.Category::name).toList());
    boolean[] seen = new boolean[SyntheticData.CLASS_NAMES.size()];
    for (int image = 0; image < truth.images().size(); image++) {
      int objects = truth.firstAnnotation(image + 1) - truth.firstAnnotation(image);
      assertTrue(objects >= 1 && objects <= 4, "objects " + objects);
    }
    for (int i = 0; i < truth.size(); i++) {
      seen[truth.category(i)] = true;
      double size = Math.max(truth.box(i).width(), truth.box(i).height()) / 128;
      assertTrue(size > 0.149 && size < 0.601, "size " + size);
      assertTrue(truth.box(i).x() >= 0 && truth.box(i).x() + truth.box(i).width() <= 192);
      assertTrue(truth.box(i).y() >= 0 && truth.box(i).y() + truth.box(i).height() <= 128);
      assertTrue(truth.area(i) < truth.box(i).width() * truth.box(i).height());
    }
    assertEquals(
        List.of(true, true, true, true, true),
        IntStream.range(0, 5).mapToObj(k -> seen[k]).toList());
    try (Picture picture =
        Picture.read(written.resolve("images").resolve("val").resolve("000012.jpg"))) {
      assertEquals(192, picture.width());
      assertEquals(128, picture.height());
    }
  }

  @Test
  void theSameSeedGivesTheSameFilesAndAnotherGivesOthers() throws IOException {
    Path one = write(SMALL, "one");
    Path two = write(SMALL, "two");
    Path other = write(new SyntheticData(40, 12, 128, 192, 8), "other");
    assertEquals(files(one), files(two));
    for (Path file : files(one)) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(two.resolve(file)));
      assertTrue(Files.mismatch(one.resolve(file), other.resolve(file)) >= 0, file.toString());
    }
    Path train = one.resolve("images").resolve("train").resolve("000001.jpg");
    Path val = one.resolve("images").resolve("val").resolve("000001.jpg");
    assertTrue(Files.mismatch(train, val) >= 0, "the splits have different pictures");
  }

  /** Bounds found in the pixels, at half coverage, lie within half a pixel of the outline's. */
  @ParameterizedTest
  @EnumSource
  void aMaskHasTheOutlinesBounds(SyntheticShape shape) {
    OpenCv.load();
    SplittableRandom random = new SplittableRandom(3);
    try (var _ = new PointerScope()) {
      for (int i = 0; i < 50; i++) {
        Outline outline =
            shape.outline().turned(random.nextDouble(7)).scaled(30, 25).moved(40.3, 35.8);
        Mat mask = outline.mask(80, 90);
        double covered = opencv_core.sumElems(mask).get(0) / 255;
        // OpenCV fills up to half a sample more along the border
        assertEquals(outline.area(), covered, 0.03 * outline.area());
        Mat touched = new Mat();
        opencv_imgproc.threshold(mask, touched, 1, 255, opencv_imgproc.THRESH_BINARY);
        Rect bounds = opencv_imgproc.boundingRect(touched);
        // a pixel that is touched over less than a sample's width may stay empty, and the reverse
        assertEquals(Math.floor(outline.left()), bounds.x(), 1);
        assertEquals(Math.floor(outline.top()), bounds.y(), 1);
        assertEquals(Math.ceil(outline.right()), bounds.x() + bounds.width(), 1);
        assertEquals(Math.ceil(outline.bottom()), bounds.y() + bounds.height(), 1);
      }
    }
  }

  @Test
  void enoughOfEachShapeIsLeftVisible() {
    OpenCv.load();
    SplittableRandom random = new SplittableRandom(5);
    IntStream.range(0, 60).forEach(_ -> requireVisible(random.split()));
  }

  private static void requireVisible(SplittableRandom random) {
    try (var _ = new PointerScope()) {
      SyntheticScene scene = new SyntheticScene(160, 160, random);
      Mat picture = scene.draw();
      assertEquals(opencv_core.CV_8UC3, picture.type());
      List<Mat> masks =
          scene.shapes().stream().map(placed -> placed.outline().mask(160, 160)).toList();
      for (int i = 0; i < masks.size(); i++) {
        Mat left = masks.get(i).clone();
        for (Mat later : masks.subList(i + 1, masks.size())) {
          Mat rest = new Mat();
          opencv_core.subtract(left, later, rest);
          left = rest;
        }
        double share =
            opencv_core.sumElems(left).get(0) / opencv_core.sumElems(masks.get(i)).get(0);
        // the drawing counts whole pixels, this parts of them
        assertTrue(share > 0.58, "visible " + share);
      }
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    String message =
        assertThrows(YoloxException.class, () -> new SyntheticData(0, 1, 64, 64, 0)).getMessage();
    assertEquals("'training images' is 0; expected a number from 1 to 1000000", message);
    assertThrows(YoloxException.class, () -> new SyntheticData(1, 1, 64, 5000, 0));
  }
}
