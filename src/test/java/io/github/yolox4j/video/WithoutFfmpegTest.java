package io.github.yolox4j.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a program of its own, whose class path lacks FFmpeg wholly or its natives. */
class WithoutFfmpegTest {

  @TempDir private Path folder;

  /** The program: writes and reads a clip, and prints what the sources come to. */
  static final class Program {

    private Program() {}

    public static void main(String[] sources) {
      Path written = Clip.write(Path.of(sources[0]), 160, 96, 25);
      try (var reader = VideoReader.open(written.toString())) {
        Clip.assertIsClip(reader);
        System.out.println(written.getFileName() + ": " + reader.frameCount());
      }
      for (int i = 1; i < sources.length; i++) {
        try (var reader = VideoReader.open(sources[i])) {
          System.out.println(reader.frameCount());
        } catch (YoloxException failure) {
          System.out.println(failure.getMessage());
        }
      }
    }
  }

  @Test
  void fallsBackToOpenCvAndNamesTheArtifact() throws IOException, InterruptedException {
    check("ffmpeg-[^/\\\\]*\\.jar$");
  }

  @Test
  void takesFfmpegWithoutItsNativesAsAbsent() throws IOException, InterruptedException {
    check("ffmpeg-[^/\\\\]*-" + Loader.getPlatform() + "\\.jar$");
  }

  private void check(String absentJars) throws IOException, InterruptedException {
    Path mp4 = Clip.write(folder.resolve("clip.mp4"), 64, 64, 25);
    Path avi = Clip.writeMjpeg(folder.resolve("clip.avi"), 64, 64);
    String stream = "rtsp://127.0.0.1:1/a";
    String add =
        ", add org.bytedeco:ffmpeg:%s and the same with the classifier %s to the class path."
            .formatted(FfmpegArtifact.VERSION, Loader.getPlatform());
    assertEquals(
        List.of(
            "out.avi: 10",
            "10",
            "To read " + mp4 + add,
            "To read the stream " + stream + add,
            "camera:99: no such camera can be opened; is it connected, and used by no other"
                + " program?"),
        ChildJvm.linesOf(
            Pattern.compile(absentJars),
            List.of(),
            Program.class,
            folder.resolve("out.mp4").toString(),
            avi.toString(),
            mp4.toString(),
            stream,
            "camera:99"));
  }

  @Test
  void namesTheVersionOnTheClassPath() throws IOException {
    String version = Loader.getVersion("org.bytedeco", "ffmpeg");
    assertNotNull(version);
    assertEquals(version, FfmpegArtifact.VERSION);
  }
}
