package io.github.yolox4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.yolox4j.RawName;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTest {

  @TempDir Path folder;

  private static List<String> names(Object... arguments) {
    return expand(arguments).stream().map(Source::name).toList();
  }

  private static List<Source> expand(Object... arguments) {
    return Source.find(List.of(arguments).stream().map(Object::toString).toList());
  }

  private String named(String file) {
    return folder.resolve(file).toString();
  }

  @Test
  void aFileIsDetectedOnceHoweverOftenItIsNamed() throws IOException {
    Path a = Files.createFile(folder.resolve("a.jpg"));
    Files.createFile(folder.resolve("b.jpg"));
    assertEquals(
        List.of(named("b.jpg"), named("a.jpg")),
        names(folder.resolve("b.jpg"), a, folder, folder.resolve("./a.jpg")));
  }

  @Test
  void foldersAreSearchedForPicturesAndVideos() throws IOException {
    Files.createDirectory(folder.resolve("inner"));
    for (String file : List.of("a.jpg", "inner/clip.mp4", "notes.txt")) {
      Files.createFile(folder.resolve(file));
    }
    assertEquals(List.of(named("a.jpg"), named("inner/clip.mp4")), names(folder));
    assertInstanceOf(Source.Video.class, expand(folder).getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "videos/gifv.gif",
        "videos/x.3gp",
        "videos/x.asf",
        "videos/x.h264",
        "videos/x.m2ts",
        "videos/x.vob",
        "pictures/anim.gif"
      })
  void aVideoIsKnownByItsContentWhateverItsName(String name) throws IOException {
    Path video = Shared.data("odd-datasets/" + name);
    assertInstanceOf(Source.Video.class, expand(video).getFirst());
    Path bare = Files.copy(video, folder.resolve("video"));
    assertInstanceOf(Source.Video.class, expand(bare).getFirst());
    Path inside = Files.copy(video, folder.resolve(video.getFileName().toString()));
    assertEquals(List.of(inside.toString()), names(folder));
    assertInstanceOf(Source.Video.class, expand(folder).getFirst());
  }

  @Test
  void whatGivesOnePictureOrNoneIsNoVideo() throws IOException {
    Path still = folder.resolve("still.gif");
    assertTrue(
        ImageIO.write(
            new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_INDEXED), "gif", still.toFile()));
    Path text = Files.writeString(folder.resolve("notes.txt"), "no video\n".repeat(100));
    for (Path file : List.of(still, text, Files.createFile(folder.resolve("empty")))) {
      assertInstanceOf(Source.PictureFile.class, expand(file).getFirst());
    }
    assertEquals(List.of(still.toString()), names(folder));
  }

  @Test
  void aLinkToAFolderIsFollowedWhenNamed() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.createFile(real.resolve("a.jpg"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertEquals(List.of(named("link/a.jpg")), names(link));
  }

  @Test
  void whatCannotBeSearchedIsReportedAndTheRestIsFound() throws IOException {
    Files.createFile(folder.resolve("a.jpg"));
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, Set.of());
    try {
      assumeFalse(Files.isReadable(closed), "nothing is closed to an administrator");
      List<Source> sources = expand(folder);
      assertEquals(List.of(named("a.jpg"), named("closed")), names(folder));
      assertEquals(
          closed + " cannot be read: permission denied",
          assertInstanceOf(Source.Unsearchable.class, sources.getLast()).reason().getMessage());
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aNameThatIsNoTextIsReportedAndTheRestIsFound() throws Exception {
    Path plain = Files.createFile(folder.resolve("z.jpg"));
    RawName.copy(plain, folder, RawName.BROKEN);
    RawName.copy(plain, Files.createDirectory(folder.resolve("inner")), "b.jpg");
    RawName.copy(plain, folder, "notes\\xff.txt");
    for (Object argument : List.of(folder, folder.resolve("**.jpg"))) {
      List<Source> sources = expand(argument);
      assertEquals(
          List.of(named("a\ufffd.jpg"), named("inner/b.jpg"), named("z.jpg")), names(argument));
      String sentence =
          assertInstanceOf(Source.Unsearchable.class, sources.getFirst()).reason().getMessage();
      assertTrue(sentence.contains(" is left out: its name is not "), sentence);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[.jpg", "{a,b"})
  void aPatternThatIsNoneIsToldFromOneThatFindsNothing(String pattern) {
    YoloxException e = assertThrows(YoloxException.class, () -> expand(named(pattern)));
    assertTrue(e.getMessage().contains("is neither a file nor a pattern"), e.getMessage());
    assertInstanceOf(PatternSyntaxException.class, e.getCause());
  }

  @Test
  void aPatternInAFolderThatIsNotThereFindsNothing() {
    assertThrows(YoloxException.class, () -> expand(named("none/*.jpg")));
  }
}
