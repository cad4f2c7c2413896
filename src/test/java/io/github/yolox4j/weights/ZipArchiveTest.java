package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {

  private static final byte[] TEXT =
      "the quick brown fox ".repeat(50).getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private static byte[] content(Path path, String name) {
    try (MappedFile file = MappedFile.open(path)) {
      return new ZipArchive(file).content(name).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static String refusal(Path path, String name) {
    return assertThrows(YoloxException.class, () -> content(path, name)).getMessage();
  }

  /** A zip that another program wrote: deflated, sizes behind the data, a comment at the end. */
  private byte[] deflated() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setComment("a comment");
      zip.putNextEntry(new ZipEntry("a/text"));
      zip.write(TEXT);
      zip.putNextEntry(new ZipEntry("a/../../empty"));
    }
    return out.toByteArray();
  }

  /** Where the line of the first entry begins in the central directory. */
  private static int directory(byte[] zip) {
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (bytes.getInt(at) != 0x02014b50) {
      at++;
    }
    return at;
  }

  private Path withInt(byte[] zip, int at, int value) {
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return Pickle.file(folder, "patched.zip", zip);
  }

  private Path withShort(byte[] zip, int at, int value) {
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
    return Pickle.file(folder, "patched.zip", zip);
  }

  @Test
  void inflatesWhatIsDeflated() throws IOException {
    Path file = Pickle.file(folder, "a.zip", deflated());
    assertArrayEquals(TEXT, content(file, "a/text"));
    assertEquals(0, content(file, "a/../../empty").length);
    assertTrue(refusal(file, "b").contains("no entry b"));
  }

  @Test
  void believesNoSize() throws IOException {
    int at = directory(deflated());
    assertTrue(
        refusal(withInt(deflated(), at + 24, 1 << 30), "a/text").contains("claims to inflate"));
    assertTrue(refusal(withInt(deflated(), at + 24, 999), "a/text").contains("checksum"));
    assertTrue(refusal(withInt(deflated(), at + 24, 1001), "a/text").contains("inflates to 1000"));
    assertTrue(
        refusal(withInt(deflated(), at + 20, 1 << 20), "a/text").contains("into the directory"));
    assertTrue(refusal(withInt(deflated(), at + 24, -1), "a/text").contains("64-bit sizes"));
    assertTrue(
        refusal(withInt(deflated(), at + 42, 1 << 20), "a/text").contains("header of entry"));
    assertTrue(
        refusal(withInt(deflated(), at + 42, 1), "a/text").contains("not where it should be"));
    assertTrue(refusal(withInt(deflated(), at + 16, 1), "a/text").contains("checksum"));
  }

  /** Whose only entry says that it has more bytes than it has. */
  private Path exaggerating(String name, int bytes) throws IOException {
    byte[] content = new byte[1 << 18];
    new Random(1).nextBytes(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      if (!name.endsWith(".pkl")) {
        zip.putNextEntry(new ZipEntry("a/data.pkl"));
      }
    }
    return withInt(out.toByteArray(), directory(out.toByteArray()) + 24, bytes);
  }

  @Test
  void checkpointsAreRefusedBeforeTheyAreInflated() throws IOException {
    Map.of("a/data.pkl", "its pickle has 200000000 bytes", "a/byteorder", "not little-endian")
        .forEach(
            (entry, reason) -> {
              YoloxException refused =
                  assertThrows(
                      YoloxException.class,
                      () -> Weights.read(exaggerating(entry, 200_000_000)).close());
              assertTrue(refused.getMessage().contains(reason), refused.getMessage());
            });
  }

  @Test
  void believesNoDirectory() throws IOException {
    int at = directory(deflated());
    int end = deflated().length - 22 - "a comment".length();
    assertTrue(refusal(withShort(deflated(), at + 8, 1), "a/text").contains("encrypted"));
    assertTrue(refusal(withShort(deflated(), at + 10, 12), "a/text").contains("method 12"));
    assertTrue(refusal(withShort(deflated(), at + 10, 0), "a/text").contains("contradict"));
    assertTrue(
        refusal(withShort(deflated(), at + 28, 60000), "a/text").contains("entry 0 is cut off"));
    assertTrue(refusal(withShort(deflated(), at + 30, 3), "a/text").contains("after 1 of 2"));
    assertTrue(refusal(withShort(deflated(), end + 10, 9), "a/text").contains("after 2 of 9"));
    assertTrue(refusal(withInt(deflated(), end + 16, 1 << 30), "a/text").contains("zip directory"));
    byte[] garbage = deflated();
    garbage[34 + 10] ^= 0x7f;
    garbage[36] = 7;
    String message = refusal(Pickle.file(folder, "garbage.zip", garbage), "a/text");
    assertTrue(message.contains("entry a/text is damaged"), message);
  }

  @Test
  void refusesEntriesThatShareBytes() throws IOException {
    byte[] zip = deflated();
    int first = directory(zip);
    int second = first + 46 + "a/text".length();
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    // the first entry's data made to reach over the second entry
    bytes.putInt(first + 20, bytes.getInt(second + 42) - 30);
    assertTrue(refusal(Pickle.file(folder, "o.zip", zip), "a/text").contains("overlaps another"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1000, 0xFFFFFFFFL})
  void writesWhatEveryZipReaderReads(long zip64From) throws IOException {
    Path file = folder.resolve("written.zip");
    AtomicFile.writeChannel(
        file,
        channel -> {
          ZipWriter zip = new ZipWriter(channel, zip64From);
          zip.add("r/text", MemorySegment.ofArray(TEXT));
          zip.add("r/empty", MemorySegment.ofArray(new byte[0]));
          zip.add("r/\u00e9", MemorySegment.ofArray(new byte[] {1}));
          zip.finish();
        });
    assertArrayEquals(TEXT, content(file, "r/text"));
    assertArrayEquals(new byte[] {1}, content(file, "r/\u00e9"));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(
          List.of("r/text", "r/empty", "r/\u00e9"), zip.stream().map(ZipEntry::getName).toList());
      assertArrayEquals(TEXT, zip.getInputStream(zip.getEntry("r/text")).readAllBytes());
      assertEquals(0, zip.getEntry("r/empty").getSize());
    }
    try (MappedFile mapped = MappedFile.open(file)) {
      long begin = mapped.bytes().address();
      assertEquals(0, (new ZipArchive(mapped).content("r/text").address() - begin) % 64);
      assertEquals(0, (new ZipArchive(mapped).content("r/\u00e9").address() - begin) % 64);
    }
  }

  @Test
  void anyDamageToAZip64ArchiveGivesASentence() throws IOException {
    Path file = folder.resolve("written.zip");
    AtomicFile.writeChannel(
        file,
        channel -> {
          ZipWriter zip = new ZipWriter(channel, 0);
          zip.add("r/text", MemorySegment.ofArray(TEXT));
          zip.finish();
        });
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length * 8; i++) {
      byte[] flipped = whole.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      try {
        assertArrayEquals(TEXT, content(Pickle.file(folder, "flipped.zip", flipped), "r/text"));
      } catch (YoloxException e) {
        assertTrue(e.getMessage().contains("flipped.zip: "), e.getMessage());
      }
    }
  }
}
