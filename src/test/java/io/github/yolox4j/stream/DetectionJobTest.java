package io.github.yolox4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.video.VideoReader;
import io.github.yolox4j.video.VideoSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionJobTest {

  private static final Path WEIGHTS = Path.of("models", "demo.pth");
  private static final int FRAMES = 6;

  @TempDir static Path shapes;
  private static Path photos;

  @TempDir Path folder;

  @BeforeAll
  static void draw() throws IOException {
    new SyntheticData(1, 3, 96, 96, 5).write(shapes, _ -> {});
    try (Stream<Path> files = Files.walk(shapes)) {
      photos =
          files
              .filter(file -> file.getParent().endsWith("val") && Picture.named(file))
              .findFirst()
              .orElseThrow()
              .getParent();
    }
  }

  private static List<Path> pictures() throws IOException {
    try (Stream<Path> files = Files.list(photos)) {
      return files.sorted().toList();
    }
  }

  private Path video() throws IOException {
    try (Picture picture = Picture.read(pictures().getFirst());
        VideoSink sink =
            VideoSink.create(folder.resolve("clip.mp4"), picture.width(), picture.height(), 10)) {
      for (int i = 0; i < FRAMES; i++) {
        sink.write(picture.mat());
      }
      sink.finish();
      return sink.path();
    }
  }

  private static DetectionSummary run(DetectionJob job, StreamMonitor monitor) {
    try (Detector detector = Detector.open(WEIGHTS)) {
      return job.run(detector, monitor);
    }
  }

  @Test
  void aFolderAndAVideoGiveDrawnPicturesJsonAndProgress() throws IOException {
    Path found = folder.resolve("found");
    Path json = folder.resolve("found.json");
    List<Long> progress = new ArrayList<>();
    List<Detection> all = new ArrayList<>();
    DetectionJob job =
        DetectionJob.of(photos.toString(), video().toString())
            .to(Sinks.drawn(found))
            .to(Sinks.json(json))
            .to((_, _) -> (_, detections) -> all.addAll(detections))
            .withBatch(2);
    DetectionSummary summary =
        run(
            job,
            (done, total) -> {
              progress.add(done);
              assertEquals(-1, total, "nobody has counted a video's frames");
            });
    assertEquals(3 + FRAMES, summary.pictures());
    assertEquals(List.of(), summary.unreadable());
    assertTrue(summary.detecting().isPositive());
    assertEquals(3L + FRAMES, progress.getLast());
    assertEquals(progress.stream().sorted().toList(), progress);
    JsonNode results = new ObjectMapper().readTree(json.toFile());
    assertEquals(3 + FRAMES, results.size());
    int detections = 0;
    for (JsonNode result : results) {
      detections += result.get("detections").size();
    }
    assertTrue(detections > 0);
    assertEquals(detections, all.size());
    for (Path file : pictures()) {
      try (Picture drawn = Picture.read(found.resolve(file.getFileName()));
          Picture original = Picture.read(file)) {
        assertEquals(original.width(), drawn.width());
      }
    }
    try (VideoReader drawn = VideoReader.open(found.resolve("clip.mp4").toString())) {
      assertEquals(FRAMES, drawn.frameCount());
    }
  }

  @Test
  void filesThatExistStayUnlessTheyMayBeReplacedAndSourcesAlways() throws IOException {
    Path json = Files.writeString(folder.resolve("found.json"), "precious");
    Path own = Files.copy(pictures().getFirst(), folder.resolve("own.png"));
    DetectionJob job = DetectionJob.of(own.toString());
    DetectionJob onto = job.to(Sinks.json(json));
    YoloxException exists = assertThrows(YoloxException.class, onto::open);
    assertEquals(json + " exists; expected another file to write", exists.getMessage());
    assertEquals("precious", Files.readString(json));
    run(onto.replacingFiles(), (_, _) -> {});
    assertEquals(1, new ObjectMapper().readTree(json.toFile()).size());
    YoloxException source =
        assertThrows(YoloxException.class, job.to(Sinks.drawn(folder)).replacingFiles()::open);
    assertTrue(source.getMessage().startsWith(own + " is a source"), source.getMessage());
    assertEquals(-1, Files.mismatch(own, pictures().getFirst()));
  }

  @Test
  void whatCannotBeReadIsToldAndTheRestDetected() throws IOException {
    Files.copy(pictures().getFirst(), folder.resolve("a.png"));
    Files.writeString(folder.resolve("b.png"), "broken");
    List<String> told = new ArrayList<>();
    DetectionSummary summary =
        run(
            DetectionJob.of(folder.toString()),
            new StreamMonitor() {
              @Override
              public void progress(long done, long total) {
                assertEquals(2, total);
              }

              @Override
              public void unreadable(Source source, YoloxException reason) {
                told.add(source.name());
              }
            });
    assertEquals(1, summary.pictures());
    assertEquals(1, summary.unreadable().size());
    assertEquals(List.of(folder.resolve("b.png").toString()), told);
  }

  @Test
  void workThatIsCancelledIsCompletedSoFar() throws IOException {
    Path json = folder.resolve("found.json");
    DetectionSummary summary =
        run(
            DetectionJob.of(video().toString()).to(Sinks.json(json)),
            new StreamMonitor() {
              private long passes;

              @Override
              public void progress(long done, long total) {}

              @Override
              public void detected(int pictures, Duration time) {
                assertTrue(time.isPositive());
                passes++;
              }

              @Override
              public boolean cancelled() {
                return passes == 2;
              }
            });
    assertEquals(2, summary.pictures());
    assertEquals(2, new ObjectMapper().readTree(json.toFile()).size());
  }

  @Test
  void aStreamThatStallsKeepsNobodyWaiting() throws IOException {
    // connections are made, and never answered
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path json = folder.resolve("found.json");
      DetectionJob job =
          DetectionJob.of("http://127.0.0.1:%d/live".formatted(silent.getLocalPort()))
              .to(Sinks.json(json));
      DetectionSummary summary =
          assertTimeout(
              Duration.ofSeconds(5),
              () ->
                  run(
                      job,
                      new StreamMonitor() {
                        @Override
                        public void progress(long done, long total) {}

                        @Override
                        public boolean cancelled() {
                          return true;
                        }
                      }));
      assertEquals(0, summary.pictures());
      assertEquals(0, new ObjectMapper().readTree(json.toFile()).size());
    }
  }

  @Test
  void aFailureOfASinkEndsTheWorkAndLeavesNothingBehind() throws IOException {
    DetectionJob job =
        DetectionJob.of(photos.toString())
            .to(Sinks.json(folder.resolve("found.json")))
            .to(
                (_, _) ->
                    (_, _) -> {
                      throw new YoloxException("full");
                    });
    YoloxException e = assertThrows(YoloxException.class, () -> run(job, (_, _) -> {}));
    assertEquals("full", e.getMessage());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void anInterruptedThreadEndsTheWork() {
    DetectionJob job = DetectionJob.of(photos.toString());
    YoloxException e;
    try (Detector detector = Detector.open(WEIGHTS)) {
      Thread.currentThread().interrupt();
      e = assertThrows(YoloxException.class, () -> job.run(detector, (_, _) -> {}));
    }
    assertEquals("The detection was interrupted", e.getMessage());
    assertTrue(Thread.interrupted());
  }

  @Test
  void aBatchIsFromOneToItsMost() {
    DetectionJob job = DetectionJob.of(photos.toString());
    for (int batch : new int[] {0, DetectionJob.MOST_BATCH + 1}) {
      assertThrows(YoloxException.class, () -> job.withBatch(batch));
    }
    assertFalse(job.sources().isEmpty());
  }
}
