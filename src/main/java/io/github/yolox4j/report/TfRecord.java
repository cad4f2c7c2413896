package io.github.yolox4j.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The frame of a TFRecord: length, its checksum, the data, their checksum. */
final class TfRecord {

  /** Keeps the checksum of data that hold checksums themselves from being a constant. */
  private static final int MASK = 0xA282EAD8;

  private static final int ROTATION = 15;

  private TfRecord() {}

  /** A record that holds some data, ready to be written. */
  static ByteBuffer of(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(checksum(record.array(), Long.BYTES));
    record.put(data).putInt(checksum(data, data.length));
    return record.flip();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), ROTATION) + MASK;
  }
}
