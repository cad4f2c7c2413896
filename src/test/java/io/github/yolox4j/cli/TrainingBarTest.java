package io.github.yolox4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.report.TrainingLines;
import io.github.yolox4j.train.Recipe;
import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingBarTest {

  @Test
  void barMakesRoomForLines() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Console console =
        new Console(new PrintStream(shown, true, UTF_8), new PrintStream(shown, true, UTF_8));
    TrainingLines lines = new TrainingLines(new RunFolder(Path.of("run")), console.err()::println);
    try (TrainingBar bar = new TrainingBar(console, lines)) {
      bar.on(
          new TrainingEvent.Started(
              OfficialModel.NANO.spec(), Recipe.DEFAULT, List.of("a"), 64, Optional.empty(), 4, 0));
      bar.on(step(2));
      bar.on(new TrainingEvent.Noticed("Something happened"));
      bar.on(step(3));
    }
    // a bar begins its line anew each time, and is wiped out at its end
    List<String> pieces = List.of(shown.toString(UTF_8).split("[\r\n]+(\033\\[K)?"));
    assertTrue(pieces.contains("Something happened"), pieces::toString);
    List<String> bars = pieces.stream().filter(piece -> piece.startsWith("Training  ")).toList();
    assertTrue(bars.getFirst().contains("2/1200 (0:00:00 / 1:01:01)"), bars::toString);
    assertTrue(bars.getFirst().contains("epoch 1/300, loss 6.000"), bars::toString);
    assertTrue(bars.getLast().contains("3/1200"), bars::toString);
    assertTrue(shown.toString(UTF_8).endsWith("\r\033[K"), pieces::toString);
  }

  private static TrainingEvent.Stepped step(long step) {
    return new TrainingEvent.Stepped(
        1, step, step, 0.01, 416, 416, new LossValues(6, 1, 2, 3, 0, 5), 12.5, 0, 3661, 0, 0);
  }
}
