package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoSinkTest {

  /** The two containers, each with its way to start one. */
  enum Container {
    MP4 {
      @Override
      VideoSink create(Path target, int width, int height) {
        return VideoSink.create(target, width, height, 25);
      }
    },
    AVI {
      @Override
      VideoSink create(Path target, int width, int height) {
        return new OpenCvVideoSink(target, new FrameSize(width, height), 25);
      }
    };

    abstract VideoSink create(Path target, int width, int height);
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("containers")
  void movesTheFinishedVideoInPlaceOfAnOlderOne(Container container) throws IOException {
    String extension = container.name().toLowerCase(Locale.ROOT);
    Path older = Files.writeString(folder.resolve("clip." + extension), "older");
    try (var sink = container.create(folder.resolve("clip.any"), 64, 48)) {
      assertEquals(older, sink.path());
      Clip.writeTo(sink, 64, 48);
      assertThrows(IllegalStateException.class, sink::finish);
    }
    assertEquals(List.of(older), files());
    try (var reader = VideoReader.open(older.toString())) {
      assertEquals(Clip.FRAMES, reader.frameCount());
    }
  }

  @ParameterizedTest
  @MethodSource("containers")
  void leavesNothingOfAVideoThatWasNotFinished(Container container) throws IOException {
    var sink = container.create(folder.resolve("clip"), 64, 48);
    try (var picture = Clip.frame(64, 48, 0)) {
      sink.write(picture);
      sink.close();
      sink.close();
      assertThrows(IllegalStateException.class, () -> sink.write(picture));
      assertThrows(IllegalStateException.class, sink::finish);
    }
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @MethodSource("containers")
  void refusesAVideoWithoutPictures(Container container) throws IOException {
    try (var sink = container.create(folder.resolve("clip"), 64, 48)) {
      assertThrows(IllegalStateException.class, sink::finish);
    }
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @MethodSource("containers")
  void refusesPicturesOfAnotherSizeOrType(Container container) {
    try (var sink = container.create(folder.resolve("clip"), 64, 48);
        var turned = Clip.frame(48, 64, 0);
        var grey = new Mat(48, 64, CV_8UC1)) {
      var failure = assertThrows(IllegalArgumentException.class, () -> sink.write(turned));
      assertEquals(
          "expected 8-bit BGR of 64 x 48 pixels, got 48 x 64 with 3 channels of 1 bytes",
          failure.getMessage());
      assertThrows(IllegalArgumentException.class, () -> sink.write(grey));
    }
  }

  @ParameterizedTest
  @MethodSource("containers")
  void refusesAFolderThatIsNotThere(Container container) {
    Path target = folder.resolve("missing").resolve("clip");
    var failure =
        assertThrows(YoloxException.class, () -> container.create(target, 64, 48).close());
    assertTrue(failure.getMessage().contains("its folder does not exist"), failure.getMessage());
  }

  static Container[] containers() {
    return Container.values();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 1", "15, 17", "97, 63", "101, 64", "4800, 2702"})
  void writesAnySizeGrownToEven(int width, int height) {
    Path file = Clip.write(folder.resolve("clip"), width, height, 25);
    try (var reader = VideoReader.open(file.toString());
        var picture = new Mat()) {
      assertEquals(width + width % 2, reader.width());
      assertEquals(height + height % 2, reader.height());
      int frames = 0;
      while (reader.read(picture)) {
        frames++;
      }
      assertEquals(Clip.FRAMES, frames);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 12.5, 23.976, 29.97, 60, 1000})
  void keepsTheFrameRate(double framesPerSecond) {
    Path file = Clip.write(folder.resolve("clip"), 64, 64, framesPerSecond);
    try (var reader = VideoReader.open(file.toString())) {
      assertEquals(framesPerSecond, reader.framesPerSecond(), framesPerSecond * 1e-4);
    }
  }

  @Test
  void refusesSizesAndRatesThatCannotBe() {
    Path target = folder.resolve("clip");
    assertThrows(IllegalArgumentException.class, () -> VideoSink.create(target, 0, 9, 25).close());
    assertThrows(IllegalArgumentException.class, () -> VideoSink.create(target, 9, -1, 25).close());
    for (double rate : new double[] {0, -1, Double.NaN, 1001}) {
      assertThrows(
          IllegalArgumentException.class, () -> VideoSink.create(target, 9, 9, rate).close());
    }
  }

  @Test
  void saysWhenNoCodecTakesTheSize() throws IOException {
    var failure =
        assertThrows(
            YoloxException.class,
            () -> VideoSink.create(folder.resolve("clip"), 100_000, 2, 25).close());
    assertTrue(failure.getMessage().contains("clip.mp4 cannot be written"), failure.getMessage());
    assertEquals(List.of(), files());
  }

  @Test
  void replacesTheExtensionOnly() {
    for (String[] pair :
        new String[][] {
          {"a.b.mov", "a.b.mp4"}, {"a", "a.mp4"}, {".a", ".a.mp4"}, {"x.y/a", "x.y/a.mp4"}
        }) {
      assertEquals(Path.of(pair[1]), Extension.replace(Path.of(pair[0]), ".mp4"));
    }
  }

  @ParameterizedTest
  @MethodSource("containers")
  void writingFreesAllNativeMemory(Container container) {
    Runnable round =
        () -> {
          try (var sink = container.create(folder.resolve("clip"), 64, 48)) {
            Clip.writeTo(sink, 64, 48);
          }
          try (var sink = container.create(folder.resolve("clip"), 64, 48);
              var picture = Clip.frame(64, 48, 0)) {
            sink.write(picture);
          }
        };
    for (int i = 0; i < 10; i++) {
      round.run();
    }
    long pointers = LiveNatives.count();
    long bytes = Pointer.physicalBytes();
    for (int i = 0; i < 60; i++) {
      round.run();
    }
    LiveNatives.assertNoneLeftSince(pointers);
    // one H.264 encoder left open is 1 MB and more
    long grown = Pointer.physicalBytes() - bytes;
    assertTrue(grown < 60L << 20, "grew by " + (grown >> 20) + " MiB");
  }

  @Test
  void keepsThePictureUnchanged() {
    try (var sink = VideoSink.create(folder.resolve("clip"), 63, 47, 25);
        var picture = Clip.frame(63, 47, 3)) {
      byte[] before = bytes(picture);
      sink.write(picture);
      assertArrayEquals(before, bytes(picture));
    }
  }

  private static byte[] bytes(Mat picture) {
    byte[] bytes = new byte[(int) (picture.total() * picture.elemSize())];
    picture.data().get(bytes);
    return bytes;
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
