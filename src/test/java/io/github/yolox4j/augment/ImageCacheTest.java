package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Letterbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {

  private static final Letterbox INPUT = new Letterbox(64, 96);
  private static final int FITTED_BYTES = 64 * 64 * 3;

  @TempDir private Path folder;
  private Path file;
  private Path cacheFolder;

  @BeforeEach
  void writePicture() throws IOException {
    file = folder.resolve("a.png");
    writePicture(1);
    cacheFolder = Files.createDirectory(folder.resolve("cache"));
  }

  private void writePicture(int seed) {
    SmallDataset.writePicture(file, 50, 50, new SplittableRandom(seed));
  }

  private byte[] fitted(ImageCache cache) {
    return fitted(cache, INPUT);
  }

  private byte[] fitted(ImageCache cache, Letterbox input) {
    try (FittedPicture picture = cache.fitted(file, input)) {
      assertEquals(50, picture.originalWidth());
      assertEquals(50, picture.originalHeight());
      byte[] pixels = new byte[(int) picture.bytes()];
      picture.mat().data().get(pixels);
      return pixels;
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(cacheFolder)) {
      return files.toList();
    }
  }

  @Test
  void everyCacheGivesTheSamePicture() {
    byte[] expected = fitted(ImageCache.none());
    assertEquals(FITTED_BYTES, expected.length);
    List<String> warnings = new ArrayList<>();
    try (ImageCache memory = ImageCache.inMemory(FITTED_BYTES);
        ImageCache disk = ImageCache.onDisk(cacheFolder, Long.MAX_VALUE, 1, warnings::add)) {
      for (int use = 0; use < 3; use++) {
        assertArrayEquals(expected, fitted(memory));
        assertArrayEquals(expected, fitted(disk));
      }
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void memoryKeepsWhatFits() throws IOException {
    try (ImageCache enough = ImageCache.inMemory(FITTED_BYTES);
        ImageCache tooSmall = ImageCache.inMemory(FITTED_BYTES - 1)) {
      byte[] expected = fitted(enough);
      fitted(tooSmall);
      Files.delete(file);
      assertArrayEquals(expected, fitted(enough));
      assertThrows(YoloxException.class, () -> fitted(tooSmall));
    }
    assertThrows(YoloxException.class, () -> ImageCache.inMemory(-1));
  }

  @Test
  void diskKeepsWhatFits() throws IOException {
    long entry = FITTED_BYTES + 24; // with its header
    fitted(ImageCache.onDisk(cacheFolder, entry - 1, 1, _ -> {}));
    fitted(ImageCache.onDisk(cacheFolder, 2 * entry - 1, 2, _ -> {}));
    assertEquals(0, entries().size());
    fitted(ImageCache.onDisk(cacheFolder, entry, 1, _ -> {}));
    assertEquals(1, entries().size());
    writePicture(2);
    fitted(ImageCache.onDisk(cacheFolder, 2 * entry - 1, 1, _ -> {}));
    assertEquals(1, entries().size());
  }

  @Test
  void diskEntryIsUsedForTheContentItWasMadeOf() throws IOException {
    ImageCache disk = ImageCache.onDisk(cacheFolder, Long.MAX_VALUE, 1, _ -> {});
    byte[] first = fitted(disk);
    writePicture(2);
    byte[] second = fitted(disk);
    assertFalse(Arrays.equals(first, second));
    assertEquals(2, entries().size());
    writePicture(1);
    assertArrayEquals(first, fitted(disk));
    assertEquals(2, entries().size());
  }

  @Test
  void diskEntryIsUsedForTheInputItWasMadeFor() throws IOException {
    ImageCache disk = ImageCache.onDisk(cacheFolder, Long.MAX_VALUE, 1, _ -> {});
    fitted(disk);
    Letterbox other = new Letterbox(32, 32);
    assertArrayEquals(fitted(ImageCache.none(), other), fitted(disk, other));
    assertEquals(2, entries().size());
  }

  @Test
  void damagedEntryIsMadeAgain() throws IOException {
    ImageCache disk = ImageCache.onDisk(cacheFolder, Long.MAX_VALUE, 1, _ -> {});
    byte[] expected = fitted(disk);
    Path entry = entries().getFirst();
    byte[] whole = Files.readAllBytes(entry);
    for (int at : new int[] {0, 4, 8, 12, 16, 20, 24, whole.length - 1}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x40;
      Files.write(entry, damaged);
      assertArrayEquals(expected, fitted(disk), "byte " + at);
      assertArrayEquals(whole, Files.readAllBytes(entry), "byte " + at);
    }
    for (int length : new int[] {0, 10, 24, whole.length - 1}) {
      Files.write(entry, Arrays.copyOf(whole, length));
      assertArrayEquals(expected, fitted(disk), length + " bytes");
      assertArrayEquals(whole, Files.readAllBytes(entry), length + " bytes");
    }
  }

  @Test
  void folderThatCannotBeWrittenToIsToldOnce() throws IOException {
    List<String> warnings = new ArrayList<>();
    ImageCache disk = ImageCache.onDisk(cacheFolder, Long.MAX_VALUE, 1, warnings::add);
    byte[] expected = fitted(ImageCache.none());
    Files.delete(cacheFolder);
    assertArrayEquals(expected, fitted(disk));
    writePicture(2);
    fitted(disk);
    assertEquals(1, warnings.size());
    assertTrue(
        warnings
            .getFirst()
            .startsWith("Images are no longer written to the cache %s: ".formatted(cacheFolder)),
        warnings.getFirst());
  }

  @Test
  void folderMustExist() {
    assertThrows(
        YoloxException.class,
        () -> ImageCache.onDisk(folder.resolve("none"), Long.MAX_VALUE, 1, _ -> {}));
  }

  @Test
  void nothingNativeIsLeftBehind() throws IOException {
    fitted(ImageCache.none());
    long live = LiveNatives.count();
    try (ImageCache memory = ImageCache.inMemory(FITTED_BYTES)) {
      ImageCache disk = ImageCache.onDisk(cacheFolder, Long.MAX_VALUE, 1, _ -> {});
      fitted(memory);
      fitted(memory);
      fitted(disk);
      fitted(disk);
      Path entry = entries().getFirst();
      byte[] damaged = Files.readAllBytes(entry);
      damaged[30] ^= 1;
      Files.write(entry, damaged);
      fitted(disk);
      Files.write(file, new byte[] {1});
      assertThrows(YoloxException.class, () -> fitted(disk));
    }
    LiveNatives.assertNoneLeftSince(live);
  }
}
