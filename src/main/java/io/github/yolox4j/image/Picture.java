package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.UnfinishedFile;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A picture in native memory: 8-bit BGR. Owns its pixels until {@link #close}; may be read by many
 * threads.
 */
public final class Picture implements AutoCloseable {

  /** Extensions, in lower case, of files that are taken for pictures in folders. */
  public static final Set<String> EXTENSIONS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dib", "webp", "tif", "tiff", "ppm", "pgm",
          "pbm");

  private final Mat mat;

  private Picture(Mat mat) {
    this.mat = mat;
  }

  /**
   * {@return whether a file is named like a picture: its extension is among {@link #EXTENSIONS} in
   * any case}
   *
   * @param file the file, which need not exist
   */
  public static boolean named(Path file) {
    return EXTENSIONS.contains(Extension.of(file));
  }

  /**
   * Reads a picture file: JPEG (EXIF orientation applied, end marker dispensable), PNG, BMP, WebP,
   * TIFF and what else OpenCV decodes. Gray, 16-bit, CMYK and transparent pictures become 8-bit
   * BGR; transparency is dropped.
   *
   * @param file the file
   * @return the picture, owned by the caller
   * @throws YoloxException if the file is missing, empty, cut off or no picture
   */
  public static Picture read(Path file) {
    OpenCv.load();
    if (!Files.exists(file)) {
      throw new YoloxException("Picture %s does not exist".formatted(file));
    }
    if (!Files.isRegularFile(file)) {
      throw new YoloxException("%s is not a file; expected a picture".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size == 0) {
        throw new YoloxException("%s is empty; expected a picture".formatted(file));
      }
      if (size > Integer.MAX_VALUE) {
        throw new YoloxException(
            "%s has %d bytes; expected a picture of less than 2 GiB".formatted(file, size));
      }
      try (BytePointer content = new BytePointer(size)) {
        ByteBuffer buffer = content.asByteBuffer();
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        content.limit(buffer.position());
        return decode(content, file.toString());
      }
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
    }
  }

  /**
   * Decodes a picture file in memory.
   *
   * @param content the file's bytes
   * @param name what to call it in messages
   * @return the picture, owned by the caller
   * @throws YoloxException if the bytes are empty, cut off or no picture
   */
  public static Picture decode(byte[] content, String name) {
    OpenCv.load();
    if (content.length == 0) {
      throw new YoloxException("%s is empty; expected a picture".formatted(name));
    }
    try (BytePointer copy = new BytePointer(content)) {
      return decode(copy, name);
    }
  }

  /**
   * {@return whether a picture file in memory is a JPEG without its end marker, which is read all
   * the same when it holds the whole picture}
   *
   * @param content the file's bytes
   */
  public static boolean lacksEndMarker(byte[] content) {
    return PictureFile.lacksEndMarker(ByteBuffer.wrap(content));
  }

  private static Picture decode(BytePointer content, String name) {
    ByteBuffer file = content.asByteBuffer();
    UndecodedFormat.refuse(file, name);
    PictureHeader.requireBounded(file, name);
    if (PictureFile.requireWhole(file, name)) {
      return decodeWhole(content, name);
    }
    try (BytePointer ended = new UnendedJpeg(file).ended()) {
      return decodeWhole(ended, name);
    }
  }

  private static Picture decodeWhole(BytePointer content, String name) {
    Mat mat;
    try (Mat bytes = new Mat(1, (int) content.limit(), opencv_core.CV_8U, content)) {
      mat = opencv_imgcodecs.imdecode(bytes, opencv_imgcodecs.IMREAD_COLOR);
    } catch (RuntimeException e) {
      throw new YoloxException("%s cannot be decoded: %s".formatted(name, reason(e)), e);
    }
    if (mat.empty()) {
      mat.close();
      throw new YoloxException("%s is not a picture that can be decoded".formatted(name));
    }
    return new Picture(mat);
  }

  /** OpenCV's message is "OpenCV(version) file:line: error: (code) reason in function 'name'". */
  private static String reason(RuntimeException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^OpenCV\\(.*?\\) .*? error: \\(.*?\\) ", "");
  }

  /**
   * Copies a picture of Java's own imaging classes.
   *
   * @param image the image; transparency is dropped
   * @return the picture, owned by the caller
   */
  public static Picture of(BufferedImage image) {
    // drawn anew, because a sub-image shares the data buffer of the whole
    BufferedImage bgr =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = bgr.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    byte[] pixels = ((DataBufferByte) bgr.getRaster().getDataBuffer()).getData();
    return ofBgr(
        MemorySegment.ofArray(pixels), bgr.getWidth(), bgr.getHeight(), 3L * bgr.getWidth());
  }

  /**
   * Copies pixels.
   *
   * @param pixels BGR bytes, rows from the top
   * @param width pixels in a row, at least 1
   * @param height rows, at least 1
   * @param rowBytes bytes from a row to the next, at least 3 * width
   * @return the picture, owned by the caller
   * @throws YoloxException if the numbers do not fit the segment
   */
  @SuppressWarnings("restricted")
  public static Picture ofBgr(MemorySegment pixels, int width, int height, long rowBytes) {
    requireFit(pixels, PixelFormat.BGR, width, height, rowBytes);
    OpenCv.load();
    long row = 3L * width;
    Mat mat = new Mat(height, width, opencv_core.CV_8UC3);
    MemorySegment target = MemorySegment.ofAddress(mat.data().address()).reinterpret(row * height);
    for (int y = 0; y < height; y++) {
      MemorySegment.copy(pixels, y * rowBytes, target, y * row, row);
    }
    return new Picture(mat);
  }

  /**
   * Uses pixels in native memory. Those in BGR are read where they lie, so they must stay there
   * unchanged until the picture is closed; those of other formats are converted at once.
   *
   * @param pixels native memory, rows from the top, less than 2 GiB
   * @param format the order of a pixel's bytes
   * @param width pixels in a row, at least 1
   * @param height rows, at least 1
   * @param rowBytes bytes from a row to the next, at least those of its pixels
   * @return the picture, owned by the caller
   * @throws YoloxException if the numbers do not fit the segment
   */
  public static Picture view(
      MemorySegment pixels, PixelFormat format, int width, int height, long rowBytes) {
    requireFit(pixels, format, width, height, rowBytes);
    if (!pixels.isNative()) {
      throw new YoloxException("The pixels of a view are a Java array's; expected native memory");
    }
    if (pixels.byteSize() > Integer.MAX_VALUE) {
      throw new YoloxException(
          "A picture of %dx%d has %d bytes; expected less than 2 GiB"
              .formatted(width, height, pixels.byteSize()));
    }
    OpenCv.load();
    try (BytePointer address = new BytePointer(pixels.asByteBuffer())) {
      Mat view = new Mat(height, width, opencv_core.CV_8UC(format.bytes()), address, rowBytes);
      if (format == PixelFormat.BGR) {
        return new Picture(view);
      }
      try (view) {
        Mat bgr = new Mat();
        opencv_imgproc.cvtColor(view, bgr, format.conversion());
        return new Picture(bgr);
      }
    }
  }

  private static void requireFit(
      MemorySegment pixels, PixelFormat format, int width, int height, long rowBytes) {
    long row = (long) format.bytes() * width;
    if (width < 1
        || height < 1
        || rowBytes < row
        || rowBytes > Long.MAX_VALUE / height
        || pixels.byteSize() < rowBytes * (height - 1) + row) {
      throw new YoloxException(
          "%d bytes do not hold a %s picture of %dx%d with rows of %d bytes"
              .formatted(pixels.byteSize(), format, width, height, rowBytes));
    }
  }

  /**
   * Takes over an OpenCV picture.
   *
   * @param bgr an 8-bit picture of three channels, which this now owns
   * @return the picture, owned by the caller
   * @throws YoloxException if it is empty or of another type
   */
  public static Picture take(Mat bgr) {
    if (bgr.empty() || bgr.type() != opencv_core.CV_8UC3) {
      throw new YoloxException(
          "A picture of OpenCV type %d is empty or not 8-bit BGR".formatted(bgr.type()));
    }
    return new Picture(bgr);
  }

  /**
   * Writes a picture file, whole or not at all.
   *
   * @param target the file to make or replace, whose extension names the format, such as .png
   * @throws YoloxException if it cannot be written
   */
  public void write(Path target) {
    try (UnfinishedFile file = new UnfinishedFile(target)) {
      if (!opencv_imgcodecs.imwrite(file.temporary().toString(), mat())) {
        throw new YoloxException("%s cannot be written".formatted(target));
      }
      file.commit();
    }
  }

  /**
   * {@return the pixels, an 8-bit BGR matrix that belongs to this}
   *
   * @throws IllegalStateException if this is closed
   */
  public Mat mat() {
    if (mat.isNull()) {
      throw new IllegalStateException("the picture is closed");
    }
    return mat;
  }

  /** {@return the width in pixels, at least 1} */
  public int width() {
    return mat().cols();
  }

  /** {@return the height in pixels, at least 1} */
  public int height() {
    return mat().rows();
  }

  @Override
  public void close() {
    mat.close();
  }
}
