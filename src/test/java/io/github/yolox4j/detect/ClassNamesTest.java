package io.github.yolox4j.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassNamesTest {

  @TempDir Path folder;

  @Test
  void namesAreReadLineByLine() throws IOException {
    Path file = Files.writeString(folder.resolve("names.txt"), "cat\n dog \nKüken\n\n\n");
    assertEquals(List.of("cat", "dog", "Küken"), ClassNames.read(file));
  }

  @Test
  void defaultsAreCocosOrNumbers() {
    assertEquals("person", ClassNames.defaults(80).getFirst());
    assertEquals(List.of("class 0", "class 1"), ClassNames.defaults(2));
  }

  @Test
  void whatIsNoListOfNamesIsOneSentence() throws IOException {
    Path gap = Files.writeString(folder.resolve("gap.txt"), "cat\n\ndog\n");
    Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {(byte) 0xC3, 0x28});
    for (String[] c :
        new String[][] {
          {gap.toString(), "line 2 is empty"},
          {binary.toString(), "not UTF-8"},
          {folder.resolve("none.txt").toString(), "does not exist"}
        }) {
      YoloxException e = assertThrows(YoloxException.class, () -> ClassNames.read(Path.of(c[0])));
      assertTrue(e.getMessage().contains(c[1]), e.getMessage());
    }
  }
}
