package io.github.yolox4j.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bytedeco.javacpp.BytePointer;

/** A JPEG file without its end marker, as some cameras and downloads leave it. */
final class UnendedJpeg {

  /** The coefficients of a block. */
  private static final int COEFFICIENTS = 64;

  private final byte[] content;

  /** Copies a file. */
  UnendedJpeg(ByteBuffer file) {
    content = new byte[file.limit()];
    file.get(0, content);
  }

  /** Whether nothing but the marker is missing. */
  boolean isComplete() {
    try {
      return hasAllScans() && hasAllData();
    } catch (IndexOutOfBoundsException _) {
      return false; // a header is cut off
    }
  }

  /** Whether the scans that have begun bring every coefficient to its full precision. */
  private boolean hasAllScans() {
    JpegMarkers markers = new JpegMarkers(ByteBuffer.wrap(content));
    int components = 0;
    BitSet complete = new BitSet();
    for (int marker = markers.next(); marker != JpegMarkers.NONE; marker = markers.next()) {
      if (JpegMarkers.isFrame(marker)) {
        components = markers.unsignedByte(9);
      } else if (marker == JpegMarkers.START_OF_SCAN) {
        int inScan = markers.unsignedByte(4);
        int selection = 5 + 2 * inScan;
        boolean precise = (markers.unsignedByte(selection + 2) & 0xF) == 0;
        for (int i = 0; precise && i < inScan; i++) {
          int block = COEFFICIENTS * markers.unsignedByte(5 + 2 * i);
          complete.set(
              block + markers.unsignedByte(selection),
              block + markers.unsignedByte(selection + 1) + 1);
        }
      }
    }
    return components > 0 && complete.cardinality() == COEFFICIENTS * components;
  }

  /** Whether the JDK's decoder warns of the marker only: it warns once more where data ends. */
  private boolean hasAllData() {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    int[] warnings = new int[1];
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      reader.setInput(input, true, true);
      reader.addIIOReadWarningListener((_, _) -> warnings[0]++);
      reader.readRaster(0, null);
      return warnings[0] == 1;
    } catch (IOException | RuntimeException _) {
      return false; // of damaged headers it throws much
    } finally {
      reader.dispose();
    }
  }

  /** The file with the marker, for the caller to close. */
  BytePointer ended() {
    return new BytePointer(content.length + 2L)
        .put(content, 0, content.length)
        .put(content.length, (byte) 0xFF)
        .put(content.length + 1L, (byte) JpegMarkers.END_OF_IMAGE);
  }
}
