package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.files.FolderLock;
import io.github.yolox4j.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {

  @TempDir static Path shapes;
  @TempDir Path folder;

  @BeforeAll
  static void draw() {
    new SyntheticData(8, 2, 64, 64, 1).write(shapes, _ -> {});
  }

  private static final List<String> SHORT =
      List.of(
          "--epochs",
          "1",
          "--batch",
          "4",
          "--size",
          "64",
          "--set",
          "no-augmentation-epochs=0",
          "--set",
          "schedule.warmup-epochs=0");

  private CommandLineRun train(Path data, Path output, String... more) {
    List<Object> arguments = new ArrayList<>(List.of("train", "-d", data, "-o", output));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray());
  }

  private CommandLineRun train(Path output, String... more) {
    return train(shapes, output, more);
  }

  @Test
  void runWritesWhatItPromisesAndGoesOn() throws IOException {
    Path run = folder.resolve("run");
    CommandLineRun first = train(run, SHORT.toArray(String[]::new));
    assertEquals(0, first.code(), first.err());
    RunFolder files = new RunFolder(run);
    for (Path file :
        List.of(files.config(), files.latest(), files.best(), files.metrics(), files.report())) {
      assertTrue(Files.size(file) > 0, file.toString());
    }
    assertTrue(first.err().contains("Best AP"), first.err());
    CommandLineRun again = train(run, "--resume");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("2 iterations are done"), again.err());

    CommandLineRun occupied = train(run, SHORT.toArray(String[]::new));
    assertEquals(2, occupied.code());
    assertTrue(occupied.err().contains("--force"), occupied.err());
    CommandLineRun changed = train(run, "--resume", "--epochs", "3");
    assertEquals(2, changed.code());
    assertTrue(changed.err().contains("leave out"), changed.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--set | optimizer.rat=1 | 1 | did you mean 'optimizer.rate'",
        "--set | epochs=0 | 1 | 'epochs' is 0",
        "-m | nan | 2 | Unknown model",
        "-w | no.pth | 1 | do not exist",
        "--size | 100 | 1 | 32",
        "--device | tpu | 1 | Unknown device",
        "--train-split | other | 1 | other",
        "--resume | | 1 | no checkpoint",
      })
  void badArgumentsAreOneSentence(String option, String value, int code, String reason) {
    Path run = folder.resolve("run");
    CommandLineRun result = value == null ? train(run, option) : train(run, option, value);
    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().contains(reason), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
    assertFalse(Files.exists(new RunFolder(run).latest()));
  }

  @Test
  void twoRunsDoNotWriteIntoOneFolder() throws IOException {
    Path run = folder.resolve("run");
    try (FolderLock _ = FolderLock.of(run)) {
      CommandLineRun second = train(run, SHORT.toArray(String[]::new));
      assertEquals(1, second.code(), second.err());
      assertTrue(second.err().contains("is being written into by another run"), second.err());
      assertEquals(1, second.err().lines().count(), second.err());
    }
  }

  @Test
  void shortRunKeepsAnEndWithoutAugmentationThatFits() throws IOException {
    Path run = folder.resolve("run");
    CommandLineRun result =
        train(run, "--epochs", "1", "--batch", "4", "--size", "64", "--threads", "1");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("at the end: 1 of 1 epochs"), result.err());
    String config = Files.readString(new RunFolder(run).config());
    assertTrue(config.contains("no-augmentation-epochs: 1\n"), config);
    CommandLineRun set =
        train(folder.resolve("other"), "--epochs", "1", "--set", "no-augmentation-epochs=2");
    assertEquals(1, set.code());
    assertTrue(set.err().contains("'no-augmentation-epochs' is 2"), set.err());
  }

  @Test
  void missingPictureIsNamed() throws IOException {
    Path broken = folder.resolve("data");
    new SyntheticData(4, 1, 64, 64, 1).write(broken, _ -> {});
    Path picture;
    try (var files = Files.list(broken.resolve("images/train"))) {
      picture = files.sorted().toList().get(2);
    }
    Files.delete(picture);
    CommandLineRun result = train(broken, folder.resolve("run"), SHORT.toArray(String[]::new));
    assertEquals(1, result.code());
    assertTrue(result.err().contains(picture.getFileName().toString()), result.err());
  }

  @ParameterizedTest
  @CsvSource({"1, 0 of 1", "3, 1 of 3"})
  void aRunThatIsShorterThanItsWarmUpHasAShorterOne(int epochs, String expected) {
    CommandLineRun run =
        train(folder.resolve("run"), "--epochs", epochs + "", "--batch", "4", "--size", "32");
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(
        run.err().contains("Warm-up of the learning rate: " + expected + " epochs"), run.err());
  }

  @Test
  void brokenAnnotationsAreNamed() throws IOException {
    Path broken = folder.resolve("data");
    new SyntheticData(4, 1, 64, 64, 1).write(broken, _ -> {});
    Path annotations = broken.resolve("annotations/instances_train.json");
    String whole = Files.readString(annotations);
    for (String content :
        List.of(
            "",
            "{}",
            whole.replaceFirst("\"category_id\" ?: ?\\d+", "\"category_id\":77"),
            whole.replaceFirst("\"bbox\" ?: ?\\[[^,]+", "\"bbox\":[NaN"))) {
      Files.writeString(annotations, content);
      CommandLineRun result = train(broken, folder.resolve("run"), SHORT.toArray(String[]::new));
      assertEquals(1, result.code(), result.err());
      assertTrue(result.err().contains("instances_train.json"), result.err());
      assertEquals(1, result.err().lines().count(), result.err());
    }
  }
}
