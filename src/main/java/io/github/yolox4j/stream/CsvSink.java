package io.github.yolox4j.stream;

import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.files.TextOutput;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A line per object; fields quoted as RFC 4180 asks. */
final class CsvSink implements ResultSink {

  private static final String HEADER = "image,frame,class,class_id,score,x1,y1,x2,y2\r\n";

  private final TextOutput output;

  CsvSink(TextOutput output) {
    this.output = output;
    output.write(HEADER);
  }

  @Override
  public void accept(Frame frame, List<Detection> detections) {
    String number = frame.number().isPresent() ? Long.toString(frame.number().getAsLong()) : "";
    output.write(
        detections.stream()
            .map(
                d ->
                    String.format(
                        Locale.ROOT,
                        "%s,%s,%s,%d,%.4f,%.2f,%.2f,%.2f,%.2f\r\n",
                        quoted(frame.source().name()),
                        number,
                        quoted(d.label()),
                        d.classId(),
                        d.score(),
                        d.x1(),
                        d.y1(),
                        d.x2(),
                        d.y2()))
            .collect(Collectors.joining()));
  }

  private static String quoted(String field) {
    return field.matches("(?s).*[\",\r\n].*") ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }

  @Override
  public void finish() {
    output.finish();
  }

  @Override
  public void close() {
    output.close();
  }
}
