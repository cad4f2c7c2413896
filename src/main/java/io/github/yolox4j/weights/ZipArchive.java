package io.github.yolox4j.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The entries of a zip file in memory, zip64 included. A stored entry is a slice of the file, never
 * a copy. Nothing the file says about itself is believed: every offset and size is checked against
 * the file, entries may not overlap, and contents must have their checksum. Names are only keys.
 */
final class ZipArchive {

  static final int LOCAL = 0x04034b50;
  static final int CENTRAL = 0x02014b50;
  static final int END = 0x06054b50;
  static final int END64 = 0x06064b50;
  static final int LOCATOR64 = 0x07064b50;
  static final int LOCAL_BYTES = 30;
  static final int CENTRAL_BYTES = 46;
  static final int END_BYTES = 22;
  static final int END64_BYTES = 56;
  static final int LOCATOR64_BYTES = 20;
  private static final int MAX_COMMENT = 0xFFFF;

  /** What a field of 32 bits holds when its value is in the zip64 extra field. */
  static final long IN_ZIP64 = 0xFFFFFFFFL;

  static final int ZIP64_EXTRA = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1;

  /** Deflate makes at most 1032 bytes of one. */
  private static final int MAX_RATIO = 1032;

  /** Weights are stored, not deflated, by everything that writes them. */
  private static final long MAX_INFLATED = 1L << 30;

  /** One entry of the central directory; {@code data} is where its bytes begin. */
  private record Entry(
      String name, int method, long crc, long compressed, long size, long header, long data) {}

  private final MappedFile file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long inflated;

  ZipArchive(MappedFile file) {
    this.file = file;
    readDirectory(findEnd());
    checkOverlaps();
  }

  Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /**
   * Returns how many bytes an entry says that it has.
   *
   * @throws io.github.yolox4j.YoloxException if there is none
   */
  long size(String name) {
    return entry(name).size;
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw file.broken("it has no entry %s: it is damaged".formatted(name));
    }
    return entry;
  }

  /**
   * Returns an entry's content.
   *
   * @throws io.github.yolox4j.YoloxException if there is none, or it is damaged
   */
  MemorySegment content(String name) {
    Entry entry = entry(name);
    MemorySegment raw = file.bytes().asSlice(entry.data, entry.compressed);
    MemorySegment content = entry.method == STORED ? raw : inflate(entry, raw);
    CRC32 crc = new CRC32();
    Blocks.forEach(content, crc::update);
    if (crc.getValue() != entry.crc) {
      throw file.broken(
          "entry %s is damaged: its checksum is %08x, not %08x"
              .formatted(name, crc.getValue(), entry.crc));
    }
    return content;
  }

  private MemorySegment inflate(Entry entry, MemorySegment raw) {
    inflated += entry.size;
    if (entry.size > MAX_RATIO * entry.compressed
        || inflated > MAX_INFLATED
        || entry.compressed > MAX_INFLATED) {
      throw file.broken(
          "entry %s claims to inflate from %d to %d bytes: refused"
              .formatted(entry.name, entry.compressed, entry.size));
    }
    MemorySegment content = file.allocate(entry.size);
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(raw.asByteBuffer());
      ByteBuffer out = content.asByteBuffer();
      inflater.inflate(out);
      if (out.hasRemaining()) {
        throw file.broken(
            "entry %s is damaged: it inflates to %d bytes, not %d"
                .formatted(entry.name, out.position(), entry.size));
      }
      return content;
    } catch (DataFormatException e) {
      throw file.broken("entry %s is damaged: it cannot be inflated".formatted(entry.name), e);
    } finally {
      inflater.end();
    }
  }

  /** What the end of the archive says: where the central directory is, and how many entries. */
  private record End(long directory, long bytes, long count) {}

  private End findEnd() {
    MemorySegment bytes = file.bytes();
    long last = file.size() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      if (bytes.get(LittleEndian.INT, at) == END
          && at + END_BYTES + LittleEndian.unsignedShort(bytes, at + 20) == file.size()) {
        return readEnd(bytes, at);
      }
    }
    throw file.broken("the zip archive has no end record: the file is cut off");
  }

  private End readEnd(MemorySegment bytes, long at) {
    long locator = at - LOCATOR64_BYTES;
    if (locator >= 0 && bytes.get(LittleEndian.INT, locator) == LOCATOR64) {
      long end = bytes.get(LittleEndian.LONG, locator + 8);
      MemorySegment record = file.slice(end, END64_BYTES, "the zip64 end record");
      if (record.get(LittleEndian.INT, 0) != END64 || end > locator - END64_BYTES) {
        throw file.broken("the zip archive's end record is damaged");
      }
      return new End(
          record.get(LittleEndian.LONG, 48),
          record.get(LittleEndian.LONG, 40),
          record.get(LittleEndian.LONG, 32));
    }
    return new End(
        LittleEndian.unsignedInt(bytes, at + 16),
        LittleEndian.unsignedInt(bytes, at + 12),
        LittleEndian.unsignedShort(bytes, at + 10));
  }

  private void readDirectory(End end) {
    MemorySegment directory = file.slice(end.directory, end.bytes, "the zip directory");
    long at = 0;
    for (long i = 0; i < end.count; i++) {
      if (directory.byteSize() - at < CENTRAL_BYTES
          || directory.get(LittleEndian.INT, at) != CENTRAL) {
        throw file.broken(
            "the zip directory is damaged: it ends after %d of %s entries"
                .formatted(i, Long.toUnsignedString(end.count)));
      }
      MemorySegment head = directory.asSlice(at, CENTRAL_BYTES);
      int name = LittleEndian.unsignedShort(head, 28);
      int extra = LittleEndian.unsignedShort(head, 30);
      long length = (long) CENTRAL_BYTES + name + extra + LittleEndian.unsignedShort(head, 32);
      if (length > directory.byteSize() - at) {
        throw file.broken("the zip directory is damaged: entry %d is cut off".formatted(i));
      }
      addEntry(
          head,
          directory.asSlice(at + CENTRAL_BYTES, name),
          directory.asSlice(at + CENTRAL_BYTES + name, extra),
          end.directory);
      at += length;
    }
  }

  private void addEntry(
      MemorySegment head, MemorySegment rawName, MemorySegment extra, long limit) {
    String name = MappedFile.utf8(rawName);
    ByteBuffer large = zip64(name, extra);
    long size = value(name, head, 24, large);
    long compressed = value(name, head, 20, large);
    long header = value(name, head, 42, large);
    int method = LittleEndian.unsignedShort(head, 10);
    if ((LittleEndian.unsignedShort(head, 8) & ENCRYPTED) != 0) {
      throw file.broken("entry %s is encrypted".formatted(name));
    }
    if (method != STORED && method != DEFLATED) {
      throw file.broken(
          "entry %s is packed by method %d, where stored and deflated are known"
              .formatted(name, method));
    }
    if (size < 0 || compressed < 0 || (method == STORED && size != compressed)) {
      throw file.broken("entry %s is damaged: its sizes contradict each other".formatted(name));
    }
    long data = dataOf(name, rawName, header);
    if (data > limit || compressed > limit - data) {
      throw file.broken("entry %s is damaged: it reaches into the directory".formatted(name));
    }
    Entry entry =
        new Entry(name, method, LittleEndian.unsignedInt(head, 16), compressed, size, header, data);
    if (entries.putIfAbsent(name, entry) != null) {
      throw file.broken("the zip directory is damaged: it has %s twice".formatted(name));
    }
  }

  private long dataOf(String name, MemorySegment rawName, long header) {
    MemorySegment local = file.slice(header, LOCAL_BYTES, "the header of entry " + name);
    int length = LittleEndian.unsignedShort(local, 26);
    MemorySegment localName = file.slice(header + LOCAL_BYTES, length, "the name of entry " + name);
    if (local.get(LittleEndian.INT, 0) != LOCAL || localName.mismatch(rawName) != -1) {
      throw file.broken(
          "entry %s is damaged: its header is not where it should be".formatted(name));
    }
    return header + LOCAL_BYTES + length + LittleEndian.unsignedShort(local, 28);
  }

  private void checkOverlaps() {
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(Entry::header));
    long end = 0;
    for (Entry entry : ordered) {
      if (entry.header < end) {
        throw file.broken("entry %s is damaged: it overlaps another".formatted(entry.name));
      }
      end = entry.data + entry.compressed;
    }
  }

  /** The 64-bit values of an entry's extra field, in the order of the fields that need them. */
  private ByteBuffer zip64(String name, MemorySegment extra) {
    for (long at = 0; extra.byteSize() - at >= 4; ) {
      int length = LittleEndian.unsignedShort(extra, at + 2);
      if (length > extra.byteSize() - at - 4) {
        throw file.broken("entry %s is damaged: its extra field is cut off".formatted(name));
      }
      if (LittleEndian.unsignedShort(extra, at) == ZIP64_EXTRA) {
        return LittleEndian.wrap(extra.asSlice(at + 4, length).toArray(JAVA_BYTE));
      }
      at += 4 + length;
    }
    return ByteBuffer.allocate(0);
  }

  private long value(String name, MemorySegment head, long at, ByteBuffer large) {
    long field = LittleEndian.unsignedInt(head, at);
    if (field != IN_ZIP64) {
      return field;
    }
    if (large.remaining() < Long.BYTES) {
      throw file.broken("entry %s is damaged: its 64-bit sizes are missing".formatted(name));
    }
    return large.getLong();
  }
}
