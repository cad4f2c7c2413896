package io.github.yolox4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  @Test
  void oneHasItUntilItIsClosed() throws IOException {
    Path run = folder.resolve("run");
    try (FolderLock _ = FolderLock.of(run)) {
      assertEquals(
          "Folder %s is being written into by another run".formatted(run),
          assertThrows(YoloxException.class, () -> FolderLock.of(run)).getMessage());
    }
    FolderLock.of(run).close();
    try (Stream<Path> left = Files.list(run)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatAKilledRunHasLeftIsInNobodysWay() throws IOException {
    Files.createFile(folder.resolve(FolderLock.NAME));
    FolderLock.of(folder).close();
  }
}
