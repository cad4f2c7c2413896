package io.github.yolox4j.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
    boolean large = size >= zip64From;
    ByteBuffer sizes = LittleEndian.wrap(new byte[large ? 20 : 0]);
    if (large) {
      sizes.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
    }
    long unpadded = offset + ZipArchive.LOCAL_BYTES + path.length + sizes.capacity() + 4;
    int padding = (int) (-unpadded & (ALIGNMENT - 1));
    ByteBuffer header = LittleEndian.wrap(new byte[(int) (unpadded - offset) + padding]);
    header.putInt(ZipArchive.LOCAL);
    common(header, large, crc.getValue(), large ? ZipArchive.IN_ZIP64 : size, path.length);
    header.putShort((short) (sizes.capacity() + 4 + padding));
    header.put(path).put(sizes.flip());
    header.putShort((short) PADDING_EXTRA).putShort((short) padding);
    Blocks.write(out, header.position(header.capacity()).flip());
    Blocks.forEach(content, block -> Blocks.write(out, block));
    list(path, crc.getValue(), size, offset);
    entries++;
  }

  private void list(byte[] path, long crc, long size, long offset) {
    boolean large = size >= zip64From;
    boolean far = offset >= zip64From;
    int extra = (large ? 16 : 0) + (far ? 8 : 0);
    byte[] line = new byte[ZipArchive.CENTRAL_BYTES + path.length + (extra == 0 ? 0 : 4 + extra)];
    ByteBuffer entry = LittleEndian.wrap(line);
    entry.putInt(ZipArchive.CENTRAL).putShort((short) ZIP64_VERSION);
    common(entry, extra > 0, crc, large ? ZipArchive.IN_ZIP64 : size, path.length);
    entry.putShort((short) (extra == 0 ? 0 : 4 + extra));
    entry.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
    entry.putInt((int) (far ? ZipArchive.IN_ZIP64 : offset)).put(path);
    if (extra > 0) {
      entry.putShort((short) 1).putShort((short) extra);
      if (large) {
        entry.putLong(size).putLong(size);
      }
      if (far) {
        entry.putLong(offset);
      }
    }
    directory.writeBytes(line);
  }

  /** The fields that an entry's own header and its line in the directory share. */
  private static void common(ByteBuffer to, boolean zip64, long crc, long size, int nameLength) {
    to.putShort((short) (zip64 ? ZIP64_VERSION : VERSION)).putShort((short) UTF8_NAMES);
    to.putShort((short) 0).putShort((short) 0).putShort((short) DATE);
    to.putInt((int) crc).putInt((int) size).putInt((int) size).putShort((short) nameLength);
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
