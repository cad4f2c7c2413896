package io.github.yolox4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainedPathTest {

  @ParameterizedTest
  @CsvSource({
    "images, a.jpg, images/a.jpg",
    "images, b/../a.jpg, images/a.jpg",
    "./images/, a.jpg, ./images/a.jpg",
    "., a.jpg, ./a.jpg",
    "'', b/a.jpg, b/a.jpg",
    "/, a.jpg, /a.jpg",
    "../images, a.jpg, ../images/a.jpg",
  })
  void resolvesNamesInside(String folder, String name, String expected) {
    assertEquals(Path.of(expected), ContainedPath.resolve(Path.of(folder), name));
  }

  @ParameterizedTest
  @CsvSource({
    "images, ../a.jpg",
    "images, /etc/passwd",
    "images, b/../../a.jpg",
    "images, .",
    "images, ''",
    "., ../a.jpg",
    "., /etc/passwd",
    "'', ..",
    "../images, ../../a.jpg",
    ".., ../a.jpg",
    "../.., ../a.jpg",
  })
  void refusesNamesThatLeadOut(String folder, String name) {
    assertThrows(YoloxException.class, () -> ContainedPath.resolve(Path.of(folder), name));
  }

  @Test
  void refusesWhatIsNoFileName() {
    String message =
        assertThrows(
                YoloxException.class, () -> ContainedPath.resolve(Path.of("images"), "a\0.jpg"))
            .getMessage();
    assertEquals("\"a?.jpg\" is no name of a file inside images", message);
  }
}
