package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignCommandTest {

  @TempDir private Path folder;
  private Path data;
  private Path weights;

  @BeforeEach
  void describeTheData() throws IOException {
    weights = Shared.data("weights/yolox_nano_coco.pth");
    data = folder.resolve("data.yaml");
    Files.writeString(
        data,
        "format: coco\ntrain: {images: '%s', annotations: '%s'}\n"
            .formatted(
                Shared.data("coco-val128/images").toAbsolutePath(),
                Shared.data("coco-val128/instances.json").toAbsolutePath()));
  }

  private CommandLineRun assign(String output, Object... more) {
    return CommandLineRun.of(
        Stream.concat(
                Stream.of("assign", "-d", data, "-w", weights, "-o", folder.resolve(output)),
                Stream.of(more))
            .toArray());
  }

  @Test
  void drawsWhatEachVersionAssigns() throws IOException {
    CommandLineRun head = assign("head", "--images", 2, "--no-mosaic");
    assertEquals(Main.DONE, head.code(), head.err());
    long before = Pointer.totalCount();
    CommandLineRun legacy = assign("legacy", "--images", 2, "--no-mosaic", "--rule", "legacy");
    assertEquals(Main.DONE, legacy.code(), legacy.err());
    assertEquals(before, Pointer.totalCount());
    for (String name : List.of("0001.png", "0002.png")) {
      Path first = folder.resolve("head").resolve(name);
      assertTrue(Files.mismatch(first, folder.resolve("legacy").resolve(name)) >= 0, name);
      try (Picture picture = Picture.read(first)) {
        assertEquals(2 * 416, picture.width());
      }
    }
    assertTrue(
        head.out().lines().allMatch(l -> l.matches(".*\\d+ objects, [1-9]\\d* anchor points: .*")),
        head.out());
  }

  @Test
  void aSeedGivesTheSamePicturesAgain() throws IOException {
    assertEquals(Main.DONE, assign("a", "--images", 1, "--seed", 5).code());
    assertEquals(Main.DONE, assign("b", "--images", 1, "--seed", 5).code());
    assertEquals(Main.DONE, assign("c", "--images", 1, "--seed", 6).code());
    Path first = folder.resolve("a/0001.png");
    assertEquals(-1, Files.mismatch(first, folder.resolve("b/0001.png")));
    assertTrue(Files.mismatch(first, folder.resolve("c/0001.png")) >= 0);
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    Path there = folder.resolve("there/0001.png");
    Files.createDirectories(there.getParent());
    Files.writeString(there, "mine");
    CommandLineRun run = assign("there");
    assertEquals(Main.WRONG_USAGE, run.code());
    assertTrue(run.err().contains("--force overwrites it"), run.err());
    assertEquals("mine", Files.readString(there));
    assertEquals(Main.WRONG_USAGE, assign("x", "--images", 0).code());
    assertEquals(Main.WRONG_USAGE, assign("x", "--rule", "newest").code());
    assertEquals(Main.FAILED, assign("x", "--split", "absent").code());
    assertTrue(Files.notExists(folder.resolve("x")));
  }
}
