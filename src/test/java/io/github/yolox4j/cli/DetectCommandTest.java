package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.RawName;
import io.github.yolox4j.Shared;
import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.video.VideoReader;
import io.github.yolox4j.video.VideoSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_videoio.VideoWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectCommandTest {

  private static final int FRAMES = 10;

  @TempDir Path folder;

  private static Path nano() {
    return Shared.data("weights/yolox_nano_coco.pth");
  }

  private static Path dog() {
    return Shared.data("images/dog.jpg");
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void aNameThatIsNoTextIsLeftOutAndTheOthersAreWritten() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    RawName.copy(dog(), pictures, RawName.BROKEN);
    Files.copy(dog(), pictures.resolve("z.jpg"));
    Path found = folder.resolve("found");
    CommandLineRun run =
        CommandLineRun.of(
            "detect",
            pictures,
            "-w",
            "models/demo.pth",
            "--save",
            found,
            "--txt",
            found,
            "--json",
            "-");
    assertEquals(Main.FAILED, run.code());
    assertTrue(run.err().contains(" is left out: its name is not "), run.err());
    assertEquals(1, json(run.out()).size());
    try (Stream<Path> written = Files.list(found)) {
      assertEquals(
          List.of(found.resolve("z.jpg"), found.resolve("z.txt")), written.sorted().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yolox_nano_coco.pth", "yolox_nano_coco_bnfolded.onnx"})
  void jsonOnStandardOutputIsAllThereIs(String weights) throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            "detect",
            dog(),
            "-w",
            Shared.data("weights/" + weights),
            "--conf",
            "0.25",
            "--nms",
            "0.45",
            "--json",
            "-");
    assertEquals(Main.DONE, run.code(), run.err());
    assertEquals("", run.err());
    JsonNode pictures = json(run.out());
    assertEquals(1, pictures.size());
    JsonNode picture = pictures.get(0);
    assertEquals(dog().toString(), picture.get("image").asText());
    assertEquals(768, picture.get("width").asInt());
    assertEquals(576, picture.get("height").asInt());
    String[] labels = {"dog", "bicycle", "car", "truck", "cat"};
    double[] scores = {0.855, 0.803, 0.798, 0.306, 0.260};
    double[][] boxes = {
      {132.8, 206.6, 325.7, 543.1},
      {51.7, 137.2, 572.3, 423.6},
      {466.3, 78.4, 692.5, 171.3},
      {464.2, 77.6, 682.8, 172.7},
      {131.2, 213.4, 322.3, 541.3}
    };
    JsonNode detections = picture.get("detections");
    assertEquals(labels.length, detections.size());
    for (int i = 0; i < labels.length; i++) {
      JsonNode detection = detections.get(i);
      assertEquals(labels[i], detection.get("class").asText());
      assertEquals(ClassNames.COCO.indexOf(labels[i]), detection.get("class_id").asInt());
      assertEquals(scores[i], detection.get("score").asDouble(), 0.002);
      for (int side = 0; side < 4; side++) {
        assertEquals(boxes[i][side], detection.get("box").get(side).asDouble(), 1);
      }
    }
  }

  @Test
  void aFolderIsSearchedAndItsBrokenFileReported() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures/inner"));
    Files.copy(dog(), folder.resolve("pictures/a.jpg"));
    Files.copy(dog(), pictures.resolve("c.jpg"));
    Files.writeString(folder.resolve("pictures/b.jpg"), "broken");
    Files.writeString(folder.resolve("pictures/notes.txt"), "not looked at");
    Path json = folder.resolve("found.json");
    Path csv = folder.resolve("found.csv");
    Path painted = folder.resolve("painted");
    Path text = folder.resolve("text");
    CommandLineRun run =
        CommandLineRun.of(
            "detect",
            folder.resolve("pictures"),
            "-w",
            nano(),
            "--batch",
            "4",
            "--json",
            json,
            "--csv",
            csv,
            "--save",
            painted,
            "--txt",
            text);
    assertEquals(Main.FAILED, run.code());
    assertTrue(run.err().contains("b.jpg is not a picture"), run.err());
    assertTrue(run.err().contains("2 images in"), run.err());
    assertTrue(run.err().contains("1 not read"), run.err());
    assertEquals(2, json(Files.readString(json)).size());
    List<String> rows = Files.readAllLines(csv);
    assertEquals("image,frame,class,class_id,score,x1,y1,x2,y2", rows.getFirst());
    assertTrue(rows.get(1).matches(".*a\\.jpg,,dog,16,0\\.8\\d+,13\\d\\.\\d+,.*"), rows.get(1));
    assertEquals(1 + 2 * 4, rows.size());
    for (String name : new String[] {"a", "inner/c"}) {
      try (Picture picture = Picture.read(painted.resolve(name + ".jpg"))) {
        assertEquals(768, picture.width());
      }
      List<String> lines = Files.readAllLines(text.resolve(name + ".txt"));
      assertTrue(lines.getFirst().matches("16( 0\\.\\d{6}){4} 0\\.8\\d+"), lines.getFirst());
    }
    try (Stream<Path> left = Files.walk(folder)) {
      assertTrue(
          left.noneMatch(f -> f.getFileName().toString().startsWith(".")), "temporary files");
    }
  }

  @Test
  void twoPicturesOfOneNameAreBothSaved() throws IOException {
    for (String place : new String[] {"x", "y"}) {
      Files.createDirectories(folder.resolve(place));
      Files.copy(dog(), folder.resolve(place).resolve("dog.jpg"));
    }
    Path painted = folder.resolve("painted");
    CommandLineRun run =
        CommandLineRun.of(
            "detect",
            folder.resolve("x/dog.jpg"),
            folder.resolve("y/dog.jpg"),
            "-w",
            nano(),
            "--save",
            painted);
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(Files.exists(painted.resolve("dog.jpg")));
    assertTrue(Files.exists(painted.resolve("dog-2.jpg")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.avi"})
  void videosGiveAResultPerFrameAndAPaintedVideo(String name) throws IOException {
    Path video = folder.resolve(name);
    write(video);
    Path json = folder.resolve("found.json");
    Path painted = folder.resolve("painted");
    CommandLineRun run =
        CommandLineRun.of("detect", video, "-w", nano(), "--json", json, "--save", painted);
    assertEquals(Main.DONE, run.code(), run.err());
    JsonNode frames = json(Files.readString(json));
    assertEquals(FRAMES, frames.size());
    for (int i = 0; i < FRAMES; i++) {
      assertEquals(i, frames.get(i).get("frame").asInt());
      assertEquals("dog", frames.get(i).get("detections").get(0).get("class").asText());
    }
    try (VideoReader reader = VideoReader.open(painted.resolve("clip.mp4").toString());
        Mat frame = new Mat()) {
      int count = 0;
      while (reader.read(frame)) {
        count++;
      }
      assertEquals(FRAMES, count);
      assertEquals(768, reader.width());
    }
  }

  private static void write(Path video) {
    try (Picture picture = Picture.read(dog())) {
      if (video.toString().endsWith(".mp4")) {
        try (VideoSink sink = VideoSink.create(video, picture.width(), picture.height(), 25)) {
          for (int i = 0; i < FRAMES; i++) {
            sink.write(picture.mat());
          }
          sink.finish();
        }
        return;
      }
      try (Size size = new Size(picture.width(), picture.height());
          VideoWriter writer =
              new VideoWriter(
                  video.toString(),
                  VideoWriter.fourcc((byte) 'M', (byte) 'J', (byte) 'P', (byte) 'G'),
                  25,
                  size)) {
        for (int i = 0; i < FRAMES; i++) {
          writer.write(picture.mat());
        }
        writer.release();
      }
    }
  }

  @Test
  void globsAreExpanded() throws IOException {
    Files.copy(dog(), folder.resolve("one.jpg"));
    Files.copy(dog(), folder.resolve("two.jpg"));
    Files.copy(dog(), folder.resolve("three.jpeg"));
    CommandLineRun run = CommandLineRun.of("detect", folder + "/*.jpg", "-w", nano(), "--csv", "-");
    assertEquals(Main.DONE, run.code(), run.err());
    assertEquals(1 + 2 * 4, run.out().lines().count());
  }

  @Test
  void nothingIsOverwrittenWithoutForce() throws IOException {
    Path json = Files.writeString(folder.resolve("found.json"), "precious");
    Path own = Files.copy(dog(), folder.resolve("dog.jpg"));
    CommandLineRun run = CommandLineRun.of("detect", own, "-w", nano(), "--json", json);
    assertEquals(Main.WRONG_USAGE, run.code());
    assertTrue(run.err().contains("found.json exists; --force overwrites it"), run.err());
    assertEquals("precious", Files.readString(json));
    CommandLineRun save = CommandLineRun.of("detect", own, "-w", nano(), "--save", folder);
    assertEquals(Main.WRONG_USAGE, save.code());
    assertEquals(-1, Files.mismatch(own, dog()));
    CommandLineRun forced =
        CommandLineRun.of("detect", own, "-w", nano(), "--json", json, "--force");
    assertEquals(Main.DONE, forced.code(), forced.err());
    assertEquals(1, json(Files.readString(json)).size());
  }

  @Test
  void whatIsReadIsNotOverwrittenEvenByForce() throws IOException {
    Path own = Files.copy(dog(), folder.resolve("dog.jpg"));
    CommandLineRun save =
        CommandLineRun.of("detect", own, "-w", nano(), "--save", folder, "--force");
    assertEquals(Main.WRONG_USAGE, save.code());
    assertTrue(save.err().contains("dog.jpg is read from"), save.err());
    assertEquals(-1, Files.mismatch(own, dog()));
  }

  @Test
  void twoResultsDoNotGoToOneFile() {
    CommandLineRun run =
        CommandLineRun.of(
            "detect",
            dog(),
            "-w",
            nano(),
            "--json",
            folder.resolve("found"),
            "--csv",
            folder + "/./found");
    assertEquals(Main.WRONG_USAGE, run.code());
    assertTrue(run.err().contains("cannot both go to"), run.err());
  }

  @Test
  void outputsAreCheckedBeforeAnythingIsDetected() throws IOException {
    Path text = Files.createDirectory(folder.resolve("text"));
    Files.createFile(text.resolve("dog.txt"));
    CommandLineRun exists = CommandLineRun.of("detect", dog(), "-w", nano(), "--txt", text);
    assertEquals(Main.WRONG_USAGE, exists.code());
    assertEquals("", exists.out());
    Path file = Files.createFile(folder.resolve("file"));
    CommandLineRun save = CommandLineRun.of("detect", dog(), "-w", nano(), "--save", file);
    assertEquals(Main.FAILED, save.code());
    assertTrue(save.err().contains("cannot be made: a file of that name exists"), save.err());
  }

  @Test
  void aClosedStandardOutputEndsTheRun() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    for (String[] results : new String[][] {{}, {"--json", "-"}, {"--csv", "-"}}) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      List<String> words =
          new ArrayList<>(List.of("detect", dog().toString(), "-w", nano().toString()));
      words.addAll(List.of(results));
      Console console =
          new Console(
              new PrintStream(closed, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8));
      assertEquals(Main.FAILED, Main.run(console, words.toArray(String[]::new)));
      assertEquals(
          "yolox: Standard output cannot be written: it is closed or full\n",
          err.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void ownClassNamesAreUsed() throws IOException {
    List<String> names =
        ClassNames.COCO.stream().map(n -> n.equals("dog") ? "Waldi, \"the dog\"" : n).toList();
    Path file = Files.write(folder.resolve("names.txt"), names);
    CommandLineRun run =
        CommandLineRun.of("detect", dog(), "-w", nano(), "--classes", file, "--csv", "-");
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(run.out().contains(",\"Waldi, \"\"the dog\"\"\",16,"), run.out());
  }

  /**
   * Every complaint is one sentence on standard error, and the exit code tells whose fault it is.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing.jpg | -w | NANO | 1 | missing.jpg does not exist",
        "empty.jpg | -w | NANO | 1 | empty.jpg is empty",
        "text.jpg | -w | NANO | 1 | is not a picture",
        "cut.jpg | -w | NANO | 1 | is cut off",
        "DOG | -m | huge | 2 | Unknown model 'huge'; expected nano, tiny, s, m, l, x, darknet53",
        "DOG | -w | none.pth | 1 | none.pth do not exist",
        "DOG | -w | cut.pth | 1 | cut.pth",
        "DOG | -w | evil.pth | 1 | posix.system",
        "DOG | -w | lying.safetensors | 1 | lying.safetensors",
        "DOG | -w | text.jpg | 1 | text.jpg",
        "DOG | --conf | 2 | 2 | confidence' is 2",
        "DOG | --conf | much | 2 | much",
        "DOG | --device | tpu | 1 | Unknown device 'tpu'",
        "DOG | --size | 100 | 1 | multiple of 32",
        "DOG | --threads | 0 | 2 | at least 1",
        "DOG | --batch | 0 | 2 | at least 1",
        "DOG | --batch | 257 | 2 | at most 256",
        "DOG | --json | . | 2 | . is not a regular file",
        "{a,b | -w | NANO | 2 | is neither a file nor a pattern",
        "DOG | --classes | three.txt | 1 | 3 class names were given",
        "DOG | --precision | fp12 | 2 | fp12",
        "DOG | --unknown | x | 2 | --unknown",
        "DOG | --json | none/found.json | 1 | its folder does not exist",
      })
  void badInputIsOneSentence(String source, String option, String value, int code, String message)
      throws IOException {
    Files.createFile(folder.resolve("empty.jpg"));
    Files.writeString(folder.resolve("text.jpg"), "not a picture, not weights");
    Files.writeString(folder.resolve("three.txt"), "a\nb\nc\n");
    byte[] picture = Files.readAllBytes(dog());
    Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(picture, picture.length / 2));
    byte[] weights = Files.readAllBytes(nano());
    Files.write(folder.resolve("cut.pth"), Arrays.copyOf(weights, weights.length / 2));
    Files.write(folder.resolve("evil.pth"), evilCheckpoint());
    Files.write(
        folder.resolve("lying.safetensors"),
        new byte[] {0, 0, 0, 0, 0, 0, 0, 1, '{', '}', ' ', ' '});
    boolean inFolder = value.contains(".");
    Object file = value.equals("NANO") ? nano() : inFolder ? folder.resolve(value) : value;
    Object[] arguments = {
      "detect", source.equals("DOG") ? dog() : folder.resolve(source), option, file, "-w", nano()
    };
    if (option.equals("-w")) {
      arguments = Arrays.copyOf(arguments, 4);
    }
    CommandLineRun run = CommandLineRun.of(arguments);
    assertEquals(code, run.code(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertEquals("", run.out());
    assertFalse(run.err().contains("\tat "), run.err());
    long lines = run.err().lines().filter(l -> !l.startsWith("Try '")).count();
    assertTrue(lines <= 2, run.err());
  }

  /** A checkpoint whose pickle would run a command. */
  private static byte[] evilCheckpoint() throws IOException {
    byte[] pickle =
        "\u0080\u0002cposix\nsystem\nX\u0004\u0000\u0000\u0000true\u0085R."
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(pickle);
      zip.putNextEntry(new ZipEntry("archive/version"));
      zip.write('3');
    }
    return bytes.toByteArray();
  }

  @Test
  void verboseShowsWhereAFailureComesFrom() {
    CommandLineRun run =
        CommandLineRun.of("detect", dog(), "-w", folder.resolve("no.pth"), "--verbose");
    assertEquals(Main.FAILED, run.code());
    assertTrue(run.err().contains("\tat io.github.yolox4j"), run.err());
  }

  @Test
  void modelAndWeightsMustAgree() {
    CommandLineRun run =
        CommandLineRun.of("detect", dog(), "-w", nano(), "-m", OfficialModel.S.key());
    assertEquals(Main.FAILED, run.code());
    assertTrue(run.err().contains("does not fit model s"), run.err());
  }
}
