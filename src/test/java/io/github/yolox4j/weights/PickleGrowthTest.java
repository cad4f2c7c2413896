package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reading a pickle takes grows with its file, and with nothing that the file says. */
class PickleGrowthTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  /** Bytes of heap that this thread takes, what is free again included. */
  private static long taken(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static void read(Path file) {
    try {
      Checkpoint.read(file).close();
    } catch (YoloxException e) {
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "}",
        "]",
        ")",
        "N\u0085",
        "\u0085",
        "NN\u0086",
        "NNN\u0087",
        "}K\u0001Ns",
        "]Na",
        "(",
        "(t",
        "(l",
        "(d",
        "(Nl",
        "(K\u0001Nd",
        "(1",
        "2",
        "2\u0086",
        "N\u0094",
        "h\u0000",
        "N0",
        "G12345678",
        "J1234",
        "\u008a\u00081234567\u0010",
        "U\u0001x",
        "C\u0001x",
        "ctorch\nSize\n)\u0085R",
        "ccollections\nOrderedDict\n)R"
      })
  void heapGrowsWithTheFile(String piece) throws IOException {
    Pickle pickle = Pickle.begin().raw("N\u0094");
    String many = piece.repeat((1 << 18) / piece.length());
    Path file = Pickle.checkpoint(folder, pickle.raw(many).stop(), 1);
    long size = Files.size(file);
    long taken = taken(() -> read(file));
    assertTrue(taken < Unpickler.HEAP_PER_BYTE * size, () -> taken / size + " bytes per byte");
  }

  @Test
  void aPickleDeflatedFromRepetitionsIsRefusedBeforeItIsInflated() throws IOException {
    Path file = folder.resolve("bomb.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("r/data.pkl"));
      zip.write("}".repeat(9_999_999).getBytes(StandardCharsets.ISO_8859_1));
      zip.write('.');
    }
    long size = Files.size(file);
    assertTrue(size < 12_000, () -> size + " bytes");
    YoloxException[] refused = new YoloxException[1];
    long taken =
        taken(
            () ->
                refused[0] =
                    assertThrows(YoloxException.class, () -> Checkpoint.read(file).close()));
    assertEquals(
        "%s: its pickle has 10000000 bytes in a file of %d: refused".formatted(file, size),
        refused[0].getMessage());
    assertTrue(taken < 2_000_000, () -> taken + " bytes");
  }

  /** Keys of one hash, of two kinds that cannot be ordered among each other. */
  private static Pickle mixedKeys(int count) {
    Pickle pickle = Pickle.begin().op('}', '(');
    List<String> texts = BrokenOnnxFileTest.colliding(count);
    for (int i = 0; i < count; i++) {
      pickle.text(texts.get(i)).op('N', 0x8a, 8).int32(i ^ texts.get(i).hashCode()).int32(i);
      pickle.op('N');
    }
    return pickle.op('u');
  }

  @Test
  void keysOfOneHashTakeNoLongerThanOthers() {
    Path file = Pickle.checkpoint(folder, mixedKeys(100_000).stop(), 1);
    YoloxException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> assertThrows(YoloxException.class, () -> Checkpoint.read(file).close()));
    assertTrue(e.getMessage().contains("100 items has keys of several kinds"), e.getMessage());
    read(Pickle.checkpoint(folder, mixedKeys(40).stop(), 1));
  }

  @Test
  void aKeyOfManyPrefixesIsReadOnce() {
    String key = "module.".repeat(100_000);
    Pickle pickle = Pickle.begin().op('}').text(key).op('N', 's');
    Path file = Pickle.checkpoint(folder, pickle.stop(), 1);
    long taken = taken(() -> assertThrows(YoloxException.class, () -> Weights.read(file).close()));
    assertTrue(taken < 100L * key.length(), () -> taken + " bytes");
  }

  @Test
  void classNamesThatAreListsInListsAreRefused() {
    Pickle pickle = Pickle.begin().op('}').text("yolox4j").op('}').text("classes").op('N');
    for (int i = 0; i < 60; i++) {
      pickle.op('2', 0x86); // 2^60 of the first if it were written out
    }
    pickle.op('s', 's');
    Path file = Pickle.checkpoint(folder, pickle.stop(), 1);
    YoloxException e = assertThrows(YoloxException.class, () -> Weights.read(file).close());
    assertEquals(
        file + ": its entry 'yolox4j' holds a class name that is not text", e.getMessage());
  }
}
