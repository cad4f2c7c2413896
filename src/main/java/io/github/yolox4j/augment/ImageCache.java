package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Letterbox;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Keeps pictures decoded and resized to fit the input, so that the next use starts from there. Safe
 * for use by many threads; closed after everything that reads through it.
 */
public abstract class ImageCache implements AutoCloseable {

  ImageCache() {}

  /** {@return a cache that keeps nothing: every use decodes the file} */
  public static ImageCache none() {
    return new MemoryCache(0);
  }

  /**
   * Keeps pictures in native memory until it is used up; the first ones stay, because in a shuffled
   * order no picture is due sooner than another. A file that changes while it is kept is not
   * noticed.
   *
   * @param bytes how much pixels may take, at least 0
   * @return an empty cache
   * @throws YoloxException if {@code bytes} is negative
   */
  public static ImageCache inMemory(long bytes) {
    if (bytes < 0) {
      throw new YoloxException(
          "The memory for cached images is %d bytes; expected at least 0".formatted(bytes));
    }
    return new MemoryCache(bytes);
  }

  /**
   * Keeps pictures in files, about 1 MB for each image at an input of 640x640, never deleted. An
   * entry is found by the hash of the image file's content, so none can be out of date; a damaged
   * one is made again. When the disk is full or an entry cannot be written for another reason, the
   * cache says so once and writes no more, and training goes on.
   *
   * @param folder an existing folder; several runs may share it
   * @param bytes how large the folder may become, at least 0; the first pictures stay
   * @param writers how many caches fill the folder at once, each with its share of what is left
   * @param warning is told in a sentence why nothing is written any more
   * @return the cache
   * @throws YoloxException if there is no such folder
   */
  public static ImageCache onDisk(Path folder, long bytes, int writers, Consumer<String> warning) {
    return new DiskCache(folder, bytes, writers, warning);
  }

  /**
   * Returns a picture, to be closed by the caller.
   *
   * @throws YoloxException if the file is missing or no picture
   */
  abstract FittedPicture fitted(Path file, Letterbox input);

  /** Frees what is kept in memory. */
  @Override
  public void close() {}
}
