package io.github.yolox4j.weights;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the older format that today's PyTorch no longer writes, and damage to it. */
class LegacyPthTest {

  @TempDir Path folder;

  private static Pickle magic(int version, int littleEndian) {
    Pickle file = Pickle.begin().op(0x8a, 10).op(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8);
    file.op(0x50, 0x19, '.').op(0x80, 2, 'M', version & 0xFF, version >> 8, '.');
    return file.op(0x80, 2, '}').text("little_endian").op(littleEndian, 's', '.');
  }

  private static Pickle head() {
    return magic(1001, 0x88).op(0x80, 2);
  }

  /** A tensor of two elements from the second element of a view of a storage of ten. */
  private static Pickle viewed(Pickle file, int offset, int length) {
    file.global("torch._utils", "_rebuild_tensor").op('(', '(').text("storage");
    file.global("torch", "FloatStorage").text("7").text("cpu").op('K', 10).text("view");
    file.op('J').int32(offset).op('J').int32(length).op(0x87, 't', 'Q', 'K', 1);
    return file.op('K', 2, 0x85, 'K', 1, 0x85, 't', 'R', '.');
  }

  private static Pickle keys(Pickle file, String... keys) {
    file.op(0x80, 2, ']', '(');
    for (String key : keys) {
      file.text(key);
    }
    return file.op('e', '.');
  }

  private static Pickle storage(Pickle file, int declared, int actual) {
    file.int64(declared);
    ByteBuffer data = ByteBuffer.allocate(4 * actual).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < actual; i++) {
      data.putFloat(i);
    }
    for (byte b : data.array()) {
      file.op(b);
    }
    return file;
  }

  private Path file(Pickle content) {
    return Pickle.file(folder, "old.pth", content.bytes());
  }

  private String refusal(Pickle content) {
    Path path = file(content);
    String message =
        assertThrows(YoloxException.class, () -> Checkpoint.read(path).close()).getMessage();
    assertTrue(message.startsWith(path + ": "), message);
    return message;
  }

  @Test
  void aStorageMayBeAViewOfAnother() {
    Pickle content = storage(keys(viewed(head(), 3, 4), "7"), 10, 10);
    try (Checkpoint checkpoint = Checkpoint.read(file(content))) {
      WeightArray tensor = (WeightArray) checkpoint.root();
      assertArrayEquals(new float[] {4, 5}, tensor.toFloats());
      assertEquals(16, tensor.storage().byteSize());
    }
  }

  @Test
  void aViewMustLieInItsStorage() {
    assertTrue(refusal(viewed(head(), 7, 4)).contains("view lies outside"));
    assertTrue(refusal(viewed(head(), -1, 4)).contains("view lies outside"));
    assertTrue(
        refusal(storage(keys(viewed(head(), 3, 2), "7"), 10, 10)).contains("reaches beyond"));
  }

  @Test
  void storagesMustBeThoseOfTheTensors() {
    Pickle shorter = storage(keys(viewed(head(), 3, 4), "7"), 9, 10);
    assertTrue(refusal(shorter).contains("storage 7 has 9 elements, where 10 are expected"));
    Pickle cut = storage(keys(viewed(head(), 3, 4), "7"), 10, 9);
    assertTrue(refusal(cut).contains("storage 7 would take 40 bytes"));
    assertTrue(refusal(keys(viewed(head(), 3, 4))).contains("storage 7 is missing"));
    assertTrue(refusal(keys(viewed(head(), 3, 4), "8")).contains("does not fit its tensors"));
    Pickle twice = storage(keys(viewed(head(), 3, 4), "7", "7"), 10, 10);
    assertTrue(refusal(twice).contains("does not fit its tensors"));
    assertTrue(
        refusal(viewed(head(), 3, 4).op(0x80, 2, 'N', '.')).contains("list of its storages"));
    Pickle two = head().op('(', '(').text("storage").global("torch", "FloatStorage").text("7");
    two.text("cpu").op('K', 10, 't', 'Q', '(').text("storage").global("torch", "LongStorage");
    two.text("7").text("cpu").op('K', 10, 't', 'Q', 't', '.');
    assertTrue(refusal(two).contains("storage 7 has two types or sizes"));
  }

  @Test
  void theHeadMustBeOfThisFormat() {
    assertTrue(refusal(magic(1000, 0x88)).contains("other than 1001"));
    assertTrue(refusal(magic(1001, 0x89)).contains("not little-endian"));
    try (Checkpoint checkpoint = Checkpoint.read(file(keys(head().op('}', '.'))))) {
      assertEquals(Map.of(), checkpoint.root());
    }
    assertTrue(refusal(magic(1001, 0x88).op(0x80, 2, 'N', 'Q', '.')).contains("persistent id"));
    // the magic number, but not as the pickle's value
    Pickle other = Pickle.begin().op('C', 10).op(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8);
    assertTrue(refusal(other.op(0x50, 0x19, '.')).contains("magic number"));
  }

  @Test
  void aLongStringIsRefusedBeforeItIsRead() throws IOException {
    int length = Unpickler.MAX_STRING + 1;
    byte[] begin = head().op('B').int32(length).bytes();
    Path path = folder.resolve("long.pth");
    try (FileChannel channel = FileChannel.open(path, CREATE_NEW, SPARSE, WRITE)) {
      channel.write(ByteBuffer.wrap(begin));
      channel.write(ByteBuffer.wrap(new byte[1]), begin.length + length);
    }
    YoloxException e = assertThrows(YoloxException.class, () -> Checkpoint.read(path).close());
    assertTrue(e.getMessage().contains("a string has %d bytes".formatted(length)), e.getMessage());
  }
}
