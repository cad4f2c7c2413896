package io.github.yolox4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.image.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;

class ResultWriterTest {

  private static final Path FILE = Path.of("a.png");

  private final List<String> closed = new ArrayList<>();

  private static Frame frame() {
    return new Frame(
        new Source.PictureFile(FILE, FILE),
        OptionalLong.empty(),
        0,
        Picture.take(new Mat(4, 4, opencv_core.CV_8UC3)));
  }

  /** A sink that fails in one of its steps. */
  private ResultSink sink(String name, Error onAccept, RuntimeException onClose) {
    return new ResultSink() {
      @Override
      public void accept(Frame frame, List<Detection> detections) {
        if (onAccept != null) {
          throw onAccept;
        }
      }

      @Override
      public void finish() {}

      @Override
      public void close() {
        closed.add(name);
        if (onClose != null) {
          throw onClose;
        }
      }
    };
  }

  @Test
  void anErrorOfASinkEndsTheRun() {
    Error missing = new NoClassDefFoundError("encoder");
    try (ResultWriter writer = new ResultWriter(List.of(sink("a", missing, null)))) {
      Error thrown =
          assertThrows(
              Error.class,
              () -> {
                writer.write(frame(), List.of());
                writer.finish();
              });
      assertSame(missing, thrown);
    }
  }

  @Test
  void allSinksAreClosedWhicheverFail() {
    RuntimeException first = new YoloxException("first");
    RuntimeException second = new YoloxException("second");
    List<ResultSink> sinks =
        List.of(sink("a", null, first), sink("b", null, second), sink("c", null, null));
    ResultWriter writer = new ResultWriter(sinks);
    assertSame(first, assertThrows(YoloxException.class, writer::close));
    assertEquals(List.of("a", "b", "c"), closed);
    assertEquals(List.of(second), List.of(first.getSuppressed()));
  }
}
