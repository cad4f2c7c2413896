package io.github.yolox4j.data;

import java.nio.file.Path;
import java.util.List;

/**
 * What a VOC annotation file says of an image.
 *
 * @param name the image's name, without an extension
 * @param width in pixels, 0 if the file does not tell
 */
record VocAnnotation(String name, Path file, int width, int height, List<Labelled> objects) {

  /** An object with the 1-based, inclusive coordinates of the file. */
  record Labelled(
      String name, double xmin, double ymin, double xmax, double ymax, boolean difficult) {}
}
