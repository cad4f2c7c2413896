package io.github.yolox4j.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  @Test
  void replacesAFileAndLeavesNothingElseBehind() throws IOException {
    Path target = folder.resolve("a.txt");
    Files.writeString(target, "old");
    AtomicFile.write(target, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
    assertEquals("new", Files.readString(target));
    assertEquals(List.of(target), listing());
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    Path target = folder.resolve("a.txt");
    Files.writeString(target, "old");
    YoloxException e =
        assertThrows(
            YoloxException.class,
            () ->
                AtomicFile.writeChannel(
                    target,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[10]));
                      throw new IOException("the disk is full");
                    }));
    assertEquals("%s cannot be written: the disk is full".formatted(target), e.getMessage());
    assertEquals("old", Files.readString(target));
    assertEquals(List.of(target), listing());
  }

  @Test
  void leavesNothingBehindWhenTheContentThrows() throws IOException {
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                folder.resolve("a.txt"),
                _ -> {
                  throw new IllegalStateException();
                }));
    assertEquals(List.of(), listing());
  }

  @Test
  void writesFilesOfLongNames() throws IOException {
    Path target = folder.resolve("n".repeat(245));
    AtomicFile.write(target, out -> out.write(1));
    assertEquals(List.of(target), listing());
  }

  @Test
  void saysWhyAFileCannotBeWritten() throws IOException {
    Path missing = folder.resolve("missing", "a.txt");
    assertTrue(message(missing).endsWith("its folder does not exist"), message(missing));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertTrue(message(file.resolve("a.txt")).contains("cannot be written"));
    Path full = Files.createDirectories(folder.resolve("full", "inner")).getParent();
    assertTrue(message(full).contains("cannot be written"), message(full));
    assertEquals("/ cannot be written: it is not the name of a file", message(Path.of("/")));
  }

  @Test
  void deletesWhatAKilledProcessHasLeftOfTheSameFile() throws IOException {
    Path target = folder.resolve("a.txt");
    Path left = Files.createFile(folder.resolve(".0123abcd-a.txt"));
    Path ofAnother = Files.createFile(folder.resolve(".0123abcd-b.txt"));
    Path notOurs = Files.createFile(folder.resolve(".hidden-b-a.txt"));
    Path written = folder.resolve(".4567cdef-a.txt");
    try (FileChannel lives = FileChannel.open(written, CREATE_NEW, WRITE);
        FileLock _ = lives.lock()) {
      AtomicFile.write(target, out -> out.write(1));
    }
    assertTrue(Files.notExists(left));
    assertEquals(Set.of(target, ofAnother, notOurs, written), Set.copyOf(listing()));
  }

  @Test
  void findsRoomOnTheDisk() throws IOException {
    Path target = folder.resolve("a.bin");
    try (UnfinishedFile file = new UnfinishedFile(target)) {
      long bytes = (3 << 20) + 5;
      file.requireRoom(bytes);
      assertEquals(bytes, Files.size(file.temporary()));
      file.requireRoom(2);
      assertEquals(2, Files.size(file.temporary()));
      file.channel().close();
      assertThrows(YoloxException.class, () -> file.requireRoom(1));
    }
    assertEquals(List.of(), listing());
  }

  private static String message(Path target) {
    return assertThrows(YoloxException.class, () -> AtomicFile.write(target, out -> out.write(1)))
        .getMessage();
  }

  private List<Path> listing() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
