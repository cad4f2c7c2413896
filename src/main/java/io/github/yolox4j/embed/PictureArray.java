package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.image.PixelFormat;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/** Pictures that an array of {@code yolox_picture} describes; closing them leaves the pixels. */
final class PictureArray implements AutoCloseable {

  private static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          ADDRESS.withName("pixels"),
          JAVA_INT.withName("width"),
          JAVA_INT.withName("height"),
          JAVA_LONG.withName("stride"),
          JAVA_INT.withName("format"),
          MemoryLayout.paddingLayout(Integer.BYTES));
  private static final long PIXELS = offset("pixels");
  private static final long WIDTH = offset("width");
  private static final long HEIGHT = offset("height");
  private static final long STRIDE = offset("stride");
  private static final long FORMAT = offset("format");

  /** The constants of {@code yolox_pixel_format} count in this order. */
  private static final PixelFormat[] FORMATS = {
    PixelFormat.BGR, PixelFormat.RGB, PixelFormat.BGRA, PixelFormat.RGBA, PixelFormat.GRAY
  };

  private final List<Picture> pictures = new ArrayList<>();

  private PictureArray() {}

  /**
   * Reads the descriptions.
   *
   * @param structs where they are
   * @param count how many there are
   * @return the pictures, which the caller closes before the pixels go
   * @throws IllegalArgumentException if a description cannot be right
   */
  @SuppressWarnings("restricted")
  static PictureArray of(MemorySegment structs, int count) {
    MemorySegment array = structs.reinterpret(count * LAYOUT.byteSize());
    PictureArray opened = new PictureArray();
    try {
      for (int i = 0; i < count; i++) {
        opened.pictures.add(view(array.asSlice(i * LAYOUT.byteSize(), LAYOUT)));
      }
      return opened;
    } catch (YoloxException e) {
      opened.close();
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  @SuppressWarnings("restricted")
  private static Picture view(MemorySegment struct) {
    MemorySegment pixels = struct.get(ADDRESS, PIXELS);
    int width = struct.get(JAVA_INT, WIDTH);
    int height = struct.get(JAVA_INT, HEIGHT);
    long stride = struct.get(JAVA_LONG, STRIDE);
    int code = struct.get(JAVA_INT, FORMAT);
    if (pixels.equals(MemorySegment.NULL)) {
      throw new IllegalArgumentException("pixels is a null pointer");
    }
    if (code < 0 || code >= FORMATS.length) {
      throw new IllegalArgumentException(
          "Pixel format %d is unknown; expected 0 to %d".formatted(code, FORMATS.length - 1));
    }
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A picture of %dx%d cannot be; expected at least 1x1".formatted(width, height));
    }
    PixelFormat format = FORMATS[code];
    long row = (long) width * format.bytes();
    long step = stride == 0 ? row : stride;
    if (step < row || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "stride is %s; expected %d to %d bytes for %d pixels in %s, or 0 for rows without gaps"
              .formatted(Long.toUnsignedString(stride), row, Integer.MAX_VALUE, width, format));
    }
    return Picture.view(pixels.reinterpret(step * (height - 1) + row), format, width, height, step);
  }

  /** The pictures, in the order of their descriptions. */
  List<Picture> pictures() {
    return pictures;
  }

  @Override
  public void close() {
    pictures.forEach(Picture::close);
  }

  private static long offset(String field) {
    return LAYOUT.byteOffset(PathElement.groupElement(field));
  }
}
