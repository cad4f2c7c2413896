package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.ChildJvm.Difference;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.plan.Winograd;
import io.github.yolox4j.video.VideoSink;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program started as the launcher starts {@code detect}: fast, and without Java's vectors. */
class OwnCommandTest {

  private static final Difference FAST =
      new Difference(
          Pattern.compile("(?!)"),
          Pattern.compile("--add-modules"),
          List.of("-XX:TieredStopAtLevel=1", "-Dyolox4j.without-vectors=true"),
          Map.of());

  @TempDir static Path shapes;

  @BeforeAll
  static void draw() {
    assumeTrue(OneDnn.absence().isEmpty() && Winograd.absence().isEmpty());
    new SyntheticData(12, 1, 96, 96, 3).write(shapes, _ -> {});
  }

  private static List<String> detect(String source) throws Exception {
    return ChildJvm.linesOf(
        FAST,
        Main.class,
        "detect",
        source,
        "-w",
        "models/demo.pth",
        "--json",
        "-",
        "--device=cpu",
        "--verbose");
  }

  private static String opened(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("opened ")).findFirst().orElseThrow();
  }

  @Test
  void muchToDetectInStartsItAnewWithVectors() throws Exception {
    Path clip;
    try (Picture picture =
            Picture.ofBgr(MemorySegment.ofArray(new byte[96 * 96 * 3]), 96, 96, 288);
        VideoSink sink = VideoSink.create(shapes.resolve("clip.mp4"), 96, 96, 10)) {
      sink.write(picture.mat());
      sink.write(picture.mat());
      sink.finish();
      clip = sink.path();
    }
    List<String> lines = detect(clip.toString());
    assertTrue(opened(lines).contains("with winograd"), lines.toString());
    assertEquals(2, lines.stream().filter(line -> line.contains("\"image\"")).count());
    assertEquals(1, lines.stream().filter(line -> line.startsWith("opened ")).count());
  }

  @Test
  void littleToDetectInDoesNot() throws Exception {
    List<String> lines = detect(shapes + "/**.jpg");
    assertTrue(!opened(lines).contains("with winograd"), lines.toString());
    assertEquals(13, lines.stream().filter(line -> line.contains("\"image\"")).count());
  }
}
