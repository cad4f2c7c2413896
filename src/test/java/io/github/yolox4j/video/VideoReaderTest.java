package io.github.yolox4j.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoReaderTest {

  @TempDir private Path folder;

  @Test
  void readsMp4() {
    Path file = Clip.write(folder.resolve("clip.mp4"), 160, 96, 12.5);
    try (var reader = VideoReader.open(file.toString())) {
      assertInstanceOf(FfmpegVideoReader.class, reader);
      assertEquals(160, reader.width());
      assertEquals(96, reader.height());
      assertEquals(12.5, reader.framesPerSecond());
      assertEquals(Clip.FRAMES, reader.frameCount());
      Clip.assertIsClip(reader);
    }
  }

  @Test
  void readsMjpegWithOpenCv() {
    Path file = Clip.writeMjpeg(folder.resolve("clip.avi"), 160, 96);
    try (var reader = VideoReader.open(file.toString())) {
      assertInstanceOf(OpenCvVideoReader.class, reader);
      assertEquals(160, reader.width());
      assertEquals(96, reader.height());
      assertEquals(25, reader.framesPerSecond());
      assertEquals(Clip.FRAMES, reader.frameCount());
      Clip.assertIsClip(reader);
    }
  }

  @Test
  void readsMjpegWithFfmpegWhenTheFileHasATail() throws IOException {
    Path file = Clip.writeMjpeg(folder.resolve("clip.avi"), 160, 96);
    Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
    try (var reader = VideoReader.open(file.toString())) {
      assertInstanceOf(FfmpegVideoReader.class, reader);
      Clip.assertIsClip(reader);
    }
  }

  @Test
  void readsAnAviThatHoldsAnotherCodecWithFfmpeg() throws IOException {
    Path file = Clip.write(folder.resolve("clip.mp4"), 160, 96, 25);
    Path renamed = Files.move(file, folder.resolve("clip.AVI"));
    try (var reader = VideoReader.open(renamed.toString())) {
      assertInstanceOf(FfmpegVideoReader.class, reader);
      Clip.assertIsClip(reader);
    }
  }

  @Test
  void readsFilesWhoseNamesLookLikeProtocolsOrAreNotAscii() throws IOException {
    Path file = Clip.write(folder.resolve("clip.mp4"), 160, 96, 25);
    for (String name : new String[] {"concat:a|b.mp4", "größe ✓.mp4", "%03d.mp4"}) {
      Path copy = Files.copy(file, folder.resolve(name));
      try (var reader = VideoReader.open(copy.toString())) {
        Clip.assertIsClip(reader);
      }
    }
  }

  /** The matrix's first four numbers, and whether the dark quarter is at the right and below. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 1, false, false",
    "0, 1, -1, 0, true, false",
    "-1, 0, 0, -1, true, true",
    "0, -1, 1, 0, false, true",
    "-1, 0, 0, 1, true, false",
    "1, 0, 0, -1, false, true",
    "0, 1, 1, 0, false, false",
    "0, -1, -1, 0, true, true",
  })
  void turnsAndMirrorsPicturesAsTheFileSays(
      int a, int b, int c, int d, boolean right, boolean below) throws IOException {
    Path file = Clip.write(folder.resolve("clip.mp4"), 160, 96, 25);
    setMatrix(file, a, b, c, d);
    int width = a == 0 ? 96 : 160;
    int height = a == 0 ? 160 : 96;
    try (var reader = VideoReader.open(file.toString());
        var picture = new Mat()) {
      assertEquals(width, reader.width());
      assertEquals(height, reader.height());
      assertTrue(reader.read(picture));
      int[] corner = Clip.mean(picture, right ? width * 3 / 4 : 0, below ? height * 3 / 4 : 0);
      assertTrue(Arrays.stream(corner).allMatch(value -> value < 40), Arrays.toString(corner));
    }
  }

  /** Replaces the unit matrix in the track's header, which has 16.16 fixed-point numbers. */
  private static void setMatrix(Path file, int a, int b, int c, int d) throws IOException {
    byte[] content = Files.readAllBytes(file);
    String text = new String(content, StandardCharsets.ISO_8859_1);
    int matrix = text.indexOf("tkhd") + 4 + 40;
    var buffer = ByteBuffer.wrap(content);
    assertEquals(1 << 16, buffer.getInt(matrix), "the unit matrix");
    buffer.putInt(matrix, a << 16).putInt(matrix + 4, b << 16);
    buffer.putInt(matrix + 12, c << 16).putInt(matrix + 16, d << 16);
    Files.write(file, content);
  }

  @Test
  void skipsDamagedPackets() throws IOException {
    Path file = Clip.write(folder.resolve("clip.mp4"), 160, 96, 25);
    byte[] content = Files.readAllBytes(file);
    String text = new String(content, StandardCharsets.ISO_8859_1);
    // the packets follow "mdat"; the first fifth holds the key frame
    int start = text.indexOf("mdat") + 4;
    int from = start + (content.length - start) * 4 / 5;
    IntStream.range(from, content.length).forEach(i -> content[i] ^= 0x5a);
    Files.write(file, content);
    try (var reader = VideoReader.open(file.toString())) {
      int frames = Clip.cornersAndCentres(reader).size() / 2;
      assertTrue(frames >= 1 && frames <= Clip.FRAMES, frames + " pictures");
    }
  }

  @Test
  void givesWhatAHalvedMp4Holds() throws IOException {
    Path file = Clip.write(folder.resolve("clip.mp4"), 160, 96, 25);
    byte[] content = Files.readAllBytes(file);
    Path half = folder.resolve("half.mp4");
    // the index comes first, so half of the pictures can be found
    Files.write(half, Arrays.copyOf(content, content.length - content.length / 3));
    try (var reader = VideoReader.open(half.toString())) {
      int frames = Clip.cornersAndCentres(reader).size() / 2;
      assertTrue(frames >= 1 && frames < Clip.FRAMES, frames + " pictures");
    }
    int index = new String(content, StandardCharsets.ISO_8859_1).indexOf("mdat");
    Files.write(half, Arrays.copyOf(content, index / 2));
    assertSentence("half.mp4 cannot be read as a video", half.toString());
  }

  @Test
  void givesWhatAHalvedAviHolds() throws IOException {
    Path file = Clip.writeMjpeg(folder.resolve("clip.avi"), 160, 96);
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));
    try (var reader = VideoReader.open(file.toString())) {
      int frames = Clip.cornersAndCentres(reader).size() / 2;
      assertTrue(frames >= 1 && frames < Clip.FRAMES, frames + " pictures");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text.mp4", "text.avi", "text.mkv"})
  void refusesText(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "This is no video.\n".repeat(100));
    assertSentence(name + " cannot be read as a video", file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty.mp4", "empty.avi"})
  void refusesAnEmptyFile(String name) throws IOException {
    Path file = Files.createFile(folder.resolve(name));
    assertSentence(name + " cannot be read as a video", file.toString());
  }

  @Test
  void refusesAFileWithSoundOnly() throws IOException {
    // a second of silence: RIFF, PCM, 8 bits, one channel, 8000 Hz
    ByteBuffer wave = ByteBuffer.allocate(44 + 8000).order(ByteOrder.LITTLE_ENDIAN);
    wave.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 8000);
    wave.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wave.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(8000);
    wave.putShort((short) 1).putShort((short) 8);
    wave.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(8000);
    Path file = Files.write(folder.resolve("sound.wav"), wave.array());
    assertSentence("sound.wav holds no video", file.toString());
  }

  @Test
  void refusesATextThatFfmpegWouldDraw() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "\u001b[31mred\n".repeat(100));
    assertSentence("notes.txt holds no video: it is a text", file.toString());
  }

  @Test
  void refusesAPlaylistThatLeadsToTheNetwork() throws IOException {
    String playlist =
        """
        #EXTM3U
        #EXT-X-TARGETDURATION:10
        #EXTINF:10,
        http://127.0.0.1:1/a.ts
        #EXT-X-ENDLIST
        """;
    Path file = Files.writeString(folder.resolve("list.m3u8"), playlist);
    assertSentence("list.m3u8", file.toString());
  }

  @Test
  void refusesWhatIsNotThere() {
    assertSentence("missing.mp4 does not exist", folder.resolve("missing.mp4").toString());
    assertSentence("is not a regular file", folder.toString());
    assertSentence("expected a video file", "\0");
  }

  @Test
  void refusesCamerasThatAreNotThere() {
    assertSentence("camera:99: no such camera", "camera:99");
  }

  @ParameterizedTest
  @ValueSource(strings = {"camera:x", "camera:", "camera:-1", "camera:1.5", "camera:99999999999"})
  void refusesCamerasWithoutANumber(String source) {
    assertSentence(source + ": expected camera:N", source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/a.mp4",
        "rtsp://127.0.0.1:1/a",
        "rtmp://127.0.0.1:1/a/b",
        "nonsense://127.0.0.1/a",
        "file:///etc/hostname"
      })
  void refusesStreamsThatDoNotAnswer(String source) {
    assertSentence(source + " cannot be read as a video", source);
  }

  @Test
  void anInterruptedThreadDoesNotWaitForAStream() throws IOException {
    // connections are made, and never answered
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "http://127.0.0.1:%d/live".formatted(silent.getLocalPort());
      Thread.currentThread().interrupt();
      assertTimeout(
          Duration.ofSeconds(5),
          () ->
              assertSentence(
                  address + " cannot be read as a video: the thread was interrupted", address));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void refusesPicturesTooLargeForMemory() {
    var tooLarge =
        assertThrows(YoloxException.class, () -> FrameSize.checked("a.mkv", 65_536, 65_536));
    assertEquals(
        "a.mkv: its pictures are 65536 x 65536 pixels, expected 1 to 2^28 pixels in all",
        tooLarge.getMessage());
    assertThrows(YoloxException.class, () -> FrameSize.checked("a.mkv", 0, 10));
    assertEquals(new FrameSize(1 << 14, 1 << 14), FrameSize.checked("a", 1 << 14, 1 << 14));
  }

  @ParameterizedTest
  @CsvSource({"0, 25", "-1, 25", "NaN, 25", "Infinity, 25", "90000, 25", "29.97, 29.97"})
  void takesTheDefaultForARateThatCannotBe(double stated, double used) {
    assertEquals(used, FrameRate.orDefault(stated));
  }

  @Test
  void endsForGoodAndRefusesUseAfterClosing() {
    Path mp4 = Clip.write(folder.resolve("clip.mp4"), 64, 64, 25);
    Path avi = Clip.writeMjpeg(folder.resolve("clip.avi"), 64, 64);
    for (Path file : new Path[] {mp4, avi}) {
      try (var picture = new Mat()) {
        var reader = VideoReader.open(file.toString());
        while (reader.read(picture)) {}
        assertFalse(reader.read(picture));
        reader.close();
        reader.close();
        assertThrows(IllegalStateException.class, () -> reader.read(picture));
      }
    }
  }

  @Test
  void readingFreesAllNativeMemory() throws IOException {
    Path mp4 = Clip.write(folder.resolve("clip.mp4"), 64, 64, 25);
    Path avi = Clip.writeMjpeg(folder.resolve("clip.avi"), 64, 64);
    Path text = Files.writeString(folder.resolve("text.mp4"), "no video");
    Runnable round =
        () -> {
          for (Path file : new Path[] {mp4, avi}) {
            try (var reader = VideoReader.open(file.toString());
                var picture = new Mat()) {
              while (reader.read(picture)) {}
            }
          }
          assertSentence("text.mp4", text.toString());
        };
    round.run();
    long pointers = LiveNatives.count();
    long bytes = residentBytes(round, 20);
    for (int i = 0; i < 200; i++) {
      round.run();
    }
    LiveNatives.assertNoneLeftSince(pointers);
    // one decoder left open is 1 MB and more
    long grown = Pointer.physicalBytes() - bytes;
    assertTrue(grown < 100L << 20, "grew by " + (grown >> 20) + " MiB");
  }

  private static long residentBytes(Runnable round, int warmUp) {
    for (int i = 0; i < warmUp; i++) {
      round.run();
    }
    return Pointer.physicalBytes();
  }

  private static void assertSentence(String expected, String source) {
    var failure = assertThrows(YoloxException.class, () -> VideoReader.open(source).close());
    assertTrue(failure.getMessage().contains(expected), failure.getMessage());
  }
}
