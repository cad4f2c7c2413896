package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file is not, and what is left of a damaged one. */
class WeightFormatTest {

  @TempDir Path folder;

  private static String refusal(Path file) {
    return assertThrows(YoloxException.class, () -> Weights.read(file).close()).getMessage();
  }

  private String refusalOf(String latin) {
    return refusal(Pickle.file(folder, "w.pth", latin.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void saysWhatAFileIsInstead() {
    String end = "; weights are .pth, .safetensors or .onnx files";
    String begin = folder.resolve("w.pth") + ": the file ";
    assertEquals(begin + "is empty" + end, refusalOf(""));
    assertEquals(
        begin + "is a web page, perhaps what a failed download left behind" + end,
        refusalOf("\n<!DOCTYPE html>\n<html><body>Not found</body></html>"));
    assertEquals(
        begin + "is text that begins with \"version 1\"" + end, refusalOf("version 1\noid 2"));
    assertEquals(
        begin + "is a Python pickle that torch.save did not write" + end,
        refusalOf("\u0080\u0002}."));
    assertEquals(
        begin + "begins with the bytes 89 50 4e 47 0d 0a" + end, refusalOf("\u0089PNG\r\n"));
    assertEquals(begin + "begins with the bytes 50 4b 03" + end, refusalOf("PK\u0003"));
    assertEquals("there is no file " + folder.resolve("x"), refusal(folder.resolve("x")));
    assertEquals(folder + " is a folder, not a weights file", refusal(folder));
  }

  @Test
  void aCheckpointIsNotSafetensors() {
    Path file = folder.resolve("a.safetensors");
    SafetensorsWriter.write(file, Map.of("a", WeightArray.of(new float[1], 1)), Map.of());
    YoloxException e = assertThrows(YoloxException.class, () -> Checkpoint.read(file).close());
    assertTrue(e.getMessage().endsWith("not a PyTorch checkpoint (.pth)"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "r/constants.pkl, it is a TorchScript program",
    "r/code/m.py, it is a TorchScript program",
    "r/byteorder, its numbers are not little-endian",
    "s/data.pkl, a zip archive without data.pkl",
  })
  void refusesOtherUsesOfZip(String entry, String expected) {
    Path file = folder.resolve("other.zip");
    AtomicFile.writeChannel(
        file,
        channel -> {
          ZipWriter zip = new ZipWriter(channel);
          zip.add("r/data.pkl", MemorySegment.ofArray(Pickle.begin().op('}').stop()));
          zip.add(entry, MemorySegment.ofArray(new byte[] {'b', 'i', 'g'}));
          zip.finish();
        });
    assertTrue(refusal(file).contains(expected), refusal(file));
  }

  @Test
  void refusesAPickleThatInflatesBeyondBounds() throws IOException {
    Path file = folder.resolve("bomb.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("r/data.pkl"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i <= Unpickler.MAX_STRING / zeros.length; i++) {
        zip.write(zeros);
      }
    }
    assertTrue(refusal(file).contains("its pickle has 68157440 bytes"), refusal(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights/odd.pth", "weights/odd_oldformat.pth"})
  void everyTruncationGivesASentence(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Shared.data(name));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Pickle.file(folder, "cut.pth", Arrays.copyOf(whole, length));
      YoloxException e = assertThrows(YoloxException.class, () -> Checkpoint.read(cut).close());
      assertTrue(e.getMessage().startsWith(cut + ": "), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights/odd.pth", "weights/odd_oldformat.pth"})
  void everyFlippedBitGivesASentenceOrAResult(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Shared.data(name));
    SplittableRandom random = new SplittableRandom(20);
    for (int i = 0; i < 5000; i++) {
      byte[] flipped = whole.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = Pickle.file(folder, "flipped.pth", flipped);
      try (Checkpoint checkpoint = Checkpoint.read(file)) {
        readAll(checkpoint.root());
      } catch (YoloxException e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
  }

  /** Reads every tensor; these trees do not hold themselves. */
  private static void readAll(Object value) {
    switch (value) {
      case WeightArray array -> array.toDoubles();
      case Map<?, ?> map -> map.values().forEach(WeightFormatTest::readAll);
      case List<?> list -> list.forEach(WeightFormatTest::readAll);
      case null, default -> {}
    }
  }

  @Test
  void aFlippedBitInAStoredTensorIsFound() throws IOException {
    Path file = folder.resolve("a.pth");
    PthWriter.write(file, Map.of("model", Map.of("w", WeightArray.of(new float[100], 100))));
    byte[] bytes = Files.readAllBytes(file);
    int zeros = 0;
    int at = 0;
    while (zeros < 100) {
      zeros = bytes[at] == 0 ? zeros + 1 : 0;
      at++;
    }
    bytes[at] ^= 1;
    String message = refusal(Pickle.file(folder, "flipped.pth", bytes));
    assertTrue(message.contains("entry archive/data/0 is damaged: its checksum"), message);
  }
}
