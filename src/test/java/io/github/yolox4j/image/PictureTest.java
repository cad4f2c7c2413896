package io.github.yolox4j.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {

  private static final int WIDTH = 40;
  private static final int HEIGHT = 24;

  @TempDir Path folder;

  /** Left half red, right half blue. */
  private static BufferedImage halves() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, WIDTH / 2, HEIGHT);
    graphics.setColor(Color.BLUE);
    graphics.fillRect(WIDTH / 2, 0, WIDTH / 2, HEIGHT);
    graphics.dispose();
    return image;
  }

  private static byte[] encoded(BufferedImage image, String format, boolean progressive)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static int[] bgr(Picture picture, int x, int y) {
    try (var pixel = picture.mat().ptr(y, x)) {
      return new int[] {pixel.get(0) & 0xFF, pixel.get(1) & 0xFF, pixel.get(2) & 0xFF};
    }
  }

  private static void assertNear(int[] expected, int[] found) {
    for (int c = 0; c < 3; c++) {
      assertEquals(expected[c], found[c], 6, "JPEG loses a little: " + Arrays.toString(found));
    }
  }

  private static void assertHalves(Picture picture) {
    assertEquals(WIDTH, picture.width());
    assertEquals(HEIGHT, picture.height());
    assertNear(new int[] {0, 0, 255}, bgr(picture, 3, HEIGHT / 2));
    assertNear(new int[] {255, 0, 0}, bgr(picture, WIDTH - 4, HEIGHT / 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "bmp", "tiff"})
  void commonFormatsAreRead(String format) throws IOException {
    Path file = folder.resolve("halves." + format);
    Files.write(file, encoded(halves(), format, false));
    try (Picture picture = Picture.read(file)) {
      assertHalves(picture);
    }
  }

  @Test
  void progressiveJpegIsRead() throws IOException {
    byte[] bytes = encoded(halves(), "jpeg", true);
    try (Picture picture = Picture.decode(bytes, "progressive")) {
      assertHalves(picture);
    }
  }

  /** Orientation 6: the camera was turned; the picture is shown turned clockwise. */
  @Test
  void exifOrientationIsApplied() throws IOException {
    byte[] jpeg = encoded(halves(), "jpeg", false);
    byte[] exif = {
      (byte) 0xFF,
      (byte) 0xE1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0, //
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1, //
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0
    };
    byte[] turned = new byte[jpeg.length + exif.length];
    System.arraycopy(jpeg, 0, turned, 0, 2);
    System.arraycopy(exif, 0, turned, 2, exif.length);
    System.arraycopy(jpeg, 2, turned, 2 + exif.length, jpeg.length - 2);
    try (Picture picture = Picture.decode(turned, "turned")) {
      assertEquals(HEIGHT, picture.width());
      assertEquals(WIDTH, picture.height());
      assertNear(new int[] {0, 0, 255}, bgr(picture, HEIGHT / 2, 3));
      assertNear(new int[] {255, 0, 0}, bgr(picture, HEIGHT / 2, WIDTH - 4));
    }
  }

  @Test
  void cmykJpegIsRead() throws IOException {
    // stored inverted, as Adobe's programs do: 255 is no ink
    WritableRaster raster = Raster.createInterleavedRaster(0, 16, 16, 4, null);
    int[] white = {255, 255, 255, 255};
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        raster.setPixel(x, y, white);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    try (Picture picture = Picture.decode(bytes.toByteArray(), "cmyk")) {
      assertEquals(16, picture.width());
      assertEquals(opencv_core.CV_8UC3, picture.mat().type());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void sixteenBitGrayAndTransparentPicturesBecomeBgr(int channels) {
    for (int depth : new int[] {opencv_core.CV_8U, opencv_core.CV_16U}) {
      OpenCv.load();
      double full = depth == opencv_core.CV_8U ? 200 : 200 * 256;
      Path file = folder.resolve("picture" + channels + "_" + depth + ".png");
      try (Scalar value = new Scalar(full, full, full, full / 2);
          Mat mat = new Mat(9, 7, opencv_core.CV_MAKETYPE(depth, channels), value)) {
        assertTrue(opencv_imgcodecs.imwrite(file.toString(), mat));
      }
      try (Picture picture = Picture.read(file)) {
        assertEquals(opencv_core.CV_8UC3, picture.mat().type());
        assertEquals(7, picture.width());
        int[] pixel = bgr(picture, 3, 3);
        assertEquals(200, pixel[0]);
        assertEquals(200, pixel[2]);
      }
    }
  }

  @Test
  void bufferedImageAndRawPixelsAreCopied() {
    try (Picture picture = Picture.of(halves())) {
      assertHalves(picture);
    }
    try (Picture part = Picture.of(halves().getSubimage(WIDTH / 2, 2, 5, 5))) {
      assertEquals(5, part.width());
      assertNear(new int[] {255, 0, 0}, bgr(part, 0, 0));
    }
    byte[] padded = new byte[2 * 8];
    padded[8] = 77;
    try (Picture picture = Picture.ofBgr(MemorySegment.ofArray(padded), 2, 2, 8)) {
      assertEquals(77, bgr(picture, 0, 1)[0]);
    }
    assertThrows(YoloxException.class, () -> Picture.ofBgr(MemorySegment.ofArray(padded), 3, 2, 8));
    assertThrows(YoloxException.class, () -> Picture.ofBgr(MemorySegment.ofArray(padded), 2, 3, 8));
  }

  @Test
  void whatIsNoPictureIsOneSentence() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    assertMessage("is empty", () -> Picture.read(empty));
    assertMessage("is empty", () -> Picture.decode(new byte[0], "nothing"));
    assertMessage("does not exist", () -> Picture.read(folder.resolve("missing.jpg")));
    assertMessage("is not a file", () -> Picture.read(folder));
    Path text = Files.writeString(folder.resolve("text.jpg"), "not a picture");
    assertMessage("is not a picture", () -> Picture.read(text));
    assertMessage("not 8-bit BGR", () -> Picture.take(new Mat()));
  }

  @Test
  void anInterruptedThreadReadsNothingAndSaysSo() throws IOException {
    Path file = folder.resolve("halves.png");
    Files.write(file, encoded(halves(), "png", false));
    Thread.currentThread().interrupt();
    try {
      assertMessage(file + " cannot be read: the thread was interrupted", () -> Picture.read(file));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @ParameterizedTest
  @CsvSource({"jpeg, false", "jpeg, true", "png, false"})
  void cutOffPictureIsRefusedWhereverItIsCut(String format, boolean progressive)
      throws IOException {
    BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 64 * 64; i++) {
      noise.setRGB(i % 64, i / 64, random.nextInt());
    }
    byte[] whole = encoded(noise, format, progressive);
    Picture.decode(whole, "whole").close();
    long live = LiveNatives.count();
    for (int length = 1; length < whole.length - 1; length += 1 + length / 40) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(YoloxException.class, () -> Picture.decode(part, "part"), "cut at " + length);
    }
    LiveNatives.assertNoneLeftSince(live);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jpegThatLacksItsEndMarkerOnlyIsRead(boolean progressive) throws IOException {
    byte[] whole = encoded(halves(), "jpeg", progressive);
    try (Picture picture =
        Picture.decode(Arrays.copyOf(whole, whole.length - 2), "without its end marker")) {
      assertHalves(picture);
    }
    assertMessage(
        "is cut off", () -> Picture.decode(Arrays.copyOf(whole, whole.length - 3), "short"));
  }

  @Test
  void jpegWithoutItsEndMarkerIsReadFromAFile() {
    try (Picture picture = Picture.read(Shared.data("odd-datasets/pictures/base_noeoi.jpg"))) {
      assertEquals(160, picture.width());
      assertEquals(96, picture.height());
    }
  }

  @ParameterizedTest
  @CsvSource({"a.avif, AVIF", "a.jp2, JPEG 2000"})
  void picturesThatAreNotDecodedAreRefusedByTheirFormat(String name, String format) {
    Path file = Shared.data("odd-datasets/pictures/" + name);
    YoloxException e = assertThrows(YoloxException.class, () -> Picture.read(file));
    assertEquals(
        "%s is a picture in the format %s; expected JPEG, PNG, BMP, WebP or TIFF"
            .formatted(file, format),
        e.getMessage());
    assertFalse(Picture.named(file));
  }

  @ParameterizedTest
  @CsvSource({
    "0000001866747970686569630000, HEIF",
    "0000000C4A584C200D0A870A, JPEG XL",
    "FF0A00, JPEG XL",
    "FF4FFF5100, JPEG 2000",
    "762F310102000000, OpenEXR"
  })
  void formatsAreKnownByTheirFirstBytes(String start, String format) {
    byte[] bytes = HexFormat.of().parseHex(start);
    assertMessage("in the format " + format, () -> Picture.decode(bytes, "picture"));
  }

  private static void assertMessage(String part, Runnable action) {
    YoloxException e = assertThrows(YoloxException.class, action::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(PixelFormat.class)
  void pixelsInNativeMemoryAreRead(PixelFormat format) {
    int rowBytes = WIDTH * format.bytes() + 7;
    byte[] bytes = new byte[rowBytes * HEIGHT];
    new Random(1).nextBytes(bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      try (Picture picture = Picture.view(pixels, format, WIDTH, HEIGHT, rowBytes)) {
        for (int channel = 0; channel < 3; channel++) {
          int at =
              switch (format) {
                case BGR, BGRA -> channel;
                case RGB, RGBA -> 2 - channel;
                case GRAY -> 0;
              };
          int x = 3 + 5 * channel;
          assertEquals(
              bytes[4 * rowBytes + x * format.bytes() + at],
              picture.mat().ptr(4, x).get(channel),
              format + " " + channel);
        }
        boolean inPlace = picture.mat().data().address() == pixels.address();
        assertEquals(format == PixelFormat.BGR, inPlace);
      }
      YoloxException wrong =
          assertThrows(
              YoloxException.class,
              () -> Picture.view(pixels, format, WIDTH, HEIGHT + 1, rowBytes));
      assertTrue(wrong.getMessage().contains(format.toString()), wrong.getMessage());
    }
  }
}
