package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {

  @TempDir Path folder;

  private CommandLineRun synth(Object... more) {
    Object[] words = new Object[more.length + 8];
    System.arraycopy(
        new Object[] {"data", "synth", "--images", "6", "--val", "3", "--size", "64"},
        0,
        words,
        0,
        8);
    System.arraycopy(more, 0, words, 8, more.length);
    return CommandLineRun.of(words);
  }

  @Test
  void aFolderInUseIsWrittenIntoOnlyWithForce() {
    Path set = folder.resolve("set");
    CommandLineRun first = synth("-o", set);
    assertEquals(Main.DONE, first.code(), first.err());
    assertTrue(first.out().contains("6 images to train on, 3 to validate on"), first.out());
    assertTrue(Files.exists(set.resolve("annotations").resolve("instances_train.json")));
    CommandLineRun second = synth("-o", set);
    assertEquals(Main.WRONG_USAGE, second.code());
    assertTrue(second.err().contains("is not empty; --force overwrites"), second.err());
    assertEquals(Main.DONE, synth("-o", set, "--force").code());
  }

  @Test
  void settingsWithoutSenseAreWrongUsage() {
    Path set = folder.resolve("set");
    CommandLineRun none = CommandLineRun.of("data", "synth", "-o", set, "--images", "0");
    assertEquals(Main.WRONG_USAGE, none.code());
    assertTrue(none.err().contains("training images is 0"), none.err());
    assertEquals(
        Main.WRONG_USAGE, CommandLineRun.of("data", "synth", "-o", set, "--size", "33").code());
    assertTrue(Files.notExists(set));
  }
}
