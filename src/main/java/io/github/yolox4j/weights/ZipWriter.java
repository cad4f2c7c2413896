package io.github.yolox4j.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.CRC32;

/**
 * Writes a zip archive as torch.save does: entries stored, their data at multiples of 64 bytes so
 * that a reader can map them, 64-bit sizes and offsets only where they are needed.
 */
final class ZipWriter {

  private static final int ALIGNMENT = 64;
  private static final int ZIP64_VERSION = 45;
  private static final int VERSION = 20;
  private static final int UTF8_NAMES = 1 << 11;

  /** 1 January 1980, the first day that zip knows: the same content gives the same file. */
  private static final int DATE = 1 << 5 | 1;

  /** The extra field in which PyTorch pads: "FB". */
  private static final int PADDING_EXTRA = 0x4246;

  private static final int COUNT_IN_ZIP64 = 0xFFFF;

  private final FileChannel out;
  private final long zip64From;
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private long entries;

  ZipWriter(FileChannel out) {
    this(out, ZipArchive.IN_ZIP64);
  }

  /**
   * Creates a writer.
   *
   * @param zip64From the least size or offset to be written with 64 bits; at most 2<sup>32</sup>-1
   */
  ZipWriter(FileChannel out, long zip64From) {
    this.out = out;
    this.zip64From = zip64From;
  }

  /** Writes an entry straight from memory. */
  void add(String name, MemorySegment content) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    long offset = out.position();
    long size = content.byteSize();
    CRC32 crc = new CRC32();
    Blocks.forEach(content, crc::update);
    byte[] sizes = zip64(size >= zip64From ? new long[] {size, size} : new long[0]);
    int unpadded = ZipArchive.LOCAL_BYTES + path.length + sizes.length + 4;
    int padding = (int) (-(offset + unpadded) & (ALIGNMENT - 1));
    ByteBuffer header = LittleEndian.wrap(new byte[unpadded + padding]);
    header.putInt(ZipArchive.LOCAL);
    common(header, sizes.length > 0, crc.getValue(), size, path.length);
    header.putShort((short) (sizes.length + 4 + padding));
    header.put(path).put(sizes);
    header.putShort((short) PADDING_EXTRA).putShort((short) padding);
    Blocks.write(out, header.rewind());
    Blocks.forEach(content, block -> Blocks.write(out, block));
    list(path, crc.getValue(), size, offset);
    entries++;
  }

  private void list(byte[] path, long crc, long size, long offset) {
    boolean far = offset >= zip64From;
    LongStream.Builder large = LongStream.builder();
    if (size >= zip64From) {
      large.add(size).add(size);
    }
    if (far) {
      large.add(offset);
    }
    byte[] extra = zip64(large.build().toArray());
    byte[] line = new byte[ZipArchive.CENTRAL_BYTES + path.length + extra.length];
    ByteBuffer entry = LittleEndian.wrap(line);
    entry.putInt(ZipArchive.CENTRAL).putShort((short) ZIP64_VERSION);
    common(entry, extra.length > 0, crc, size, path.length);
    entry.putShort((short) extra.length);
    entry.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
    entry.putInt((int) (far ? ZipArchive.IN_ZIP64 : offset)).put(path).put(extra);
    directory.writeBytes(line);
  }

  /** The extra field of values that do not fit into 32 bits; nothing for none. */
  private static byte[] zip64(long[] values) {
    byte[] extra = new byte[values.length == 0 ? 0 : 4 + values.length * Long.BYTES];
    if (extra.length > 0) {
      ByteBuffer field = LittleEndian.wrap(extra);
      field.putShort((short) ZipArchive.ZIP64_EXTRA).putShort((short) (extra.length - 4));
      Arrays.stream(values).forEach(field::putLong);
    }
    return extra;
  }

  /** The fields that an entry's own header and its line in the directory share. */
  private void common(ByteBuffer to, boolean zip64, long crc, long size, int nameLength) {
    int shown = (int) (size >= zip64From ? ZipArchive.IN_ZIP64 : size);
    to.putShort((short) (zip64 ? ZIP64_VERSION : VERSION)).putShort((short) UTF8_NAMES);
    to.putShort((short) 0).putShort((short) 0).putShort((short) DATE);
    to.putInt((int) crc).putInt(shown).putInt(shown).putShort((short) nameLength);
  }

  /** Writes the directory, which ends the archive. */
  void finish() throws IOException {
    long offset = out.position();
    long size = directory.size();
    Blocks.write(out, ByteBuffer.wrap(directory.toByteArray()));
    boolean zip64 = offset >= zip64From || size >= zip64From || entries >= COUNT_IN_ZIP64;
    if (zip64) {
      long end = out.position();
      ByteBuffer record =
          LittleEndian.wrap(new byte[ZipArchive.END64_BYTES + ZipArchive.LOCATOR64_BYTES]);
      record.putInt(ZipArchive.END64).putLong(44).putShort((short) ZIP64_VERSION);
      record.putShort((short) ZIP64_VERSION).putInt(0).putInt(0).putLong(entries);
      record.putLong(entries).putLong(size).putLong(offset);
      record.putInt(ZipArchive.LOCATOR64).putInt(0).putLong(end).putInt(1);
      Blocks.write(out, record.flip());
    }
    ByteBuffer end = LittleEndian.wrap(new byte[ZipArchive.END_BYTES]);
    short count = (short) (zip64 ? COUNT_IN_ZIP64 : entries);
    end.putInt(ZipArchive.END)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort(count)
        .putShort(count);
    end.putInt((int) (zip64 ? ZipArchive.IN_ZIP64 : size))
        .putInt((int) (zip64 ? ZipArchive.IN_ZIP64 : offset));
    Blocks.write(out, end.putShort((short) 0).flip());
  }
}
