package io.github.yolox4j.cli;

import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.stream.Frame;
import io.github.yolox4j.stream.ResultSink;
import java.util.List;
import java.util.Locale;

/** Lines for people. */
record ConsoleSink(Console console) implements ResultSink {

  @Override
  public void accept(Frame frame, List<Detection> detections) {
    StringBuilder text = new StringBuilder(frame.source().name());
    frame.number().ifPresent(n -> text.append(" frame ").append(n));
    text.append(
        String.format(
            Locale.ROOT,
            "  %dx%d  %d object%s%n",
            frame.picture().width(),
            frame.picture().height(),
            detections.size(),
            detections.size() == 1 ? "" : "s"));
    for (Detection d : detections) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-16s %.3f  [%.1f %.1f %.1f %.1f]%n",
              d.label(),
              d.score(),
              d.x1(),
              d.y1(),
              d.x2(),
              d.y2()));
    }
    console.out().print(text);
    console.requireWritten();
  }
}
