package io.github.yolox4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.ChildJvm.Difference;
import io.github.yolox4j.RawName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameEncodingTest {

  /** Tells the sizes of the files whose names are no text: sizes can be printed in any locale. */
  static final class Listing {

    private Listing() {}

    public static void main(String[] arguments) throws IOException {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]))) {
        for (Path file : files) {
          if (NameEncoding.fault(file).isPresent()) {
            System.out.println(Files.size(file));
          }
        }
      }
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"C, 2 3", "C.UTF-8, 3"})
  void aNameIsTextOrNotByTheLocale(String locale, String sizes) throws Exception {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    String[] names = {"plain.jpg", "\\xc3\\xa4.jpg", RawName.BROKEN};
    for (int i = 0; i < names.length; i++) {
      RawName.copy(Files.write(folder.resolve("file"), new byte[i + 1]), inner, names[i]);
    }
    List<String> lines =
        ChildJvm.linesOf(
            Difference.withVariable("LC_ALL", locale), Listing.class, inner.toString());
    assertEquals(sizes, String.join(" ", lines.stream().sorted().toList()));
  }

  @Test
  void whatHasToBeLeftOutIsSaid() throws Exception {
    RawName.copy(Files.createFile(folder.resolve("file")), folder, RawName.BROKEN);
    Files.delete(folder.resolve("file"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      String sentence = NameEncoding.fault(files.iterator().next()).orElseThrow();
      assertTrue(
          sentence.startsWith(folder + "/a\ufffd.jpg is left out: its name is not "), sentence);
    }
  }
}
