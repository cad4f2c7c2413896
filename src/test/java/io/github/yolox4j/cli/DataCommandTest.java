package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.files.FolderLock;
import java.io.IOException;
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
  void whatAKilledRunHasLeftIsNoContent() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set"));
    Files.createDirectories(set.resolve(".unfinished").resolve("images"));
    Files.createFile(set.resolve(FolderLock.NAME));
    CommandLineRun run = synth("-o", set);
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(Files.notExists(set.resolve(".unfinished")));
  }

  @Test
  void settingsWithoutSenseAreWrongUsage() {
    Path set = folder.resolve("set");
    CommandLineRun none = CommandLineRun.of("data", "synth", "-o", set, "--images", "0");
    assertEquals(Main.WRONG_USAGE, none.code());
    assertTrue(none.err().contains("'training images' is 0"), none.err());
    assertEquals(
        Main.WRONG_USAGE, CommandLineRun.of("data", "synth", "-o", set, "--size", "33").code());
    assertTrue(Files.notExists(set));
  }

  @Test
  void checkTellsWhetherTrainingWouldStop() throws IOException {
    Path set = folder.resolve("set");
    synth("-o", set);
    CommandLineRun sound = CommandLineRun.of("data", "check", set);
    assertEquals(Main.DONE, sound.code(), sound.err());
    assertTrue(sound.out().contains("train: 6 images, 64 to 64, median 64 wide"), sound.out());
    assertTrue(sound.out().contains("Nothing would stop training."), sound.out());
    Path image = set.resolve("images").resolve("val").resolve("000002.jpg");
    Files.delete(image);
    CommandLineRun broken = CommandLineRun.of("data", "check", set, "--json", "-");
    assertEquals(Main.FAILED, broken.code());
    JsonNode found = new ObjectMapper().readTree(broken.out());
    assertFalse(found.get("trainable").asBoolean());
    assertEquals(6, found.get("splits").get("train").get("images").asInt());
    assertEquals(image.toString(), found.get("findings").get("missing_image").get(0).asText());
    assertEquals(Main.DONE, CommandLineRun.of("data", "check", set, "--split", "train").code());
    CommandLineRun inside =
        CommandLineRun.of("data", "check", set, "--json", set.resolve("x.json"));
    assertEquals(Main.WRONG_USAGE, inside.code(), inside.err());
  }

  @Test
  void convertWritesAnotherLayout() {
    Path set = folder.resolve("set");
    synth("-o", set);
    Path voc = folder.resolve("voc");
    CommandLineRun run = CommandLineRun.of("data", "convert", set, "--to", "voc", "-o", voc);
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(run.out().contains("9 images of train, val as voc"), run.out());
    assertEquals(Main.DONE, CommandLineRun.of("data", "check", voc).code());
    CommandLineRun same = CommandLineRun.of("data", "convert", set, "--to", "yolo", "-o", voc);
    assertEquals(Main.WRONG_USAGE, same.code(), same.err());
  }
}
