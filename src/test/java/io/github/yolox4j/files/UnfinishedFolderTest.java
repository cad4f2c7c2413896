package io.github.yolox4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedFolderTest {

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void name() {
    target = folder.resolve("set");
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aNewFolderAppearsWhole() throws IOException {
    try (UnfinishedFolder unfinished = new UnfinishedFolder(target)) {
      write(unfinished.temporary().resolve("a/b"), "new");
      assertTrue(Files.notExists(target));
      unfinished.commit();
    }
    assertEquals(List.of("set/a/b"), listing());
  }

  @Test
  void aFolderThatWasThereKeepsOtherFiles() throws IOException {
    write(target.resolve("a/b"), "old");
    write(target.resolve("a/c"), "old");
    try (UnfinishedFolder unfinished = new UnfinishedFolder(target)) {
      write(unfinished.temporary().resolve("a/b"), "new");
      write(unfinished.temporary().resolve("d/e"), "new");
      unfinished.commit();
    }
    assertEquals(List.of("set/a/b", "set/a/c", "set/d/e"), listing());
    assertEquals("new", Files.readString(target.resolve("a/b")));
  }

  @Test
  void nothingStaysWithoutACommit() throws IOException {
    try (UnfinishedFolder unfinished = new UnfinishedFolder(target)) {
      write(unfinished.temporary().resolve("a/b"), "new");
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatAKilledRunHasLeftIsNotTakenOver() throws IOException {
    write(folder.resolve(".set.unfinished/a/b"), "old");
    try (UnfinishedFolder unfinished = new UnfinishedFolder(target)) {
      write(unfinished.temporary().resolve("c"), "new");
      unfinished.commit();
    }
    assertEquals(List.of("set/c"), listing());
  }

  @Test
  void oneRunAtATimeMakesAFolder() throws IOException {
    try (UnfinishedFolder first = new UnfinishedFolder(target)) {
      write(first.temporary().resolve("a"), "first");
      assertEquals(
          "Folder %s is being written into by another run".formatted(target),
          assertThrows(YoloxException.class, () -> new UnfinishedFolder(target)).getMessage());
      first.commit();
    }
    assertEquals(List.of("set/a"), listing());
  }

  @Test
  void aFolderThatAppearsMeanwhileIsNotMixedWith() throws IOException {
    try (UnfinishedFolder unfinished = new UnfinishedFolder(target)) {
      write(unfinished.temporary().resolve("a"), "new");
      write(target.resolve("b"), "old");
      assertThrows(YoloxException.class, unfinished::commit);
    }
    assertEquals(List.of("set/b"), listing());
  }
}
