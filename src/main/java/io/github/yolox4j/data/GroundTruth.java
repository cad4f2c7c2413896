package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.ContainedPath;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The objects that people have marked in the images of a data set, held in plain arrays.
 *
 * <p>Images are numbered from 0 by ascending id and so are categories, whatever their order in the
 * file. Annotations are numbered from 0, those of one image in a row and in the file's order.
 * Immutable, safe for any number of threads.
 */
public final class GroundTruth extends BoxTable {

  /**
   * An image.
   *
   * @param id how the data set names it
   * @param fileName its file, relative to the folder of images
   * @param width in pixels, 0 if the data set does not tell
   * @param height in pixels, 0 if the data set does not tell
   */
  public record Image(ImageId id, String fileName, int width, int height) {

    /**
     * {@return the image's file, which need not exist}
     *
     * @param folder the folder of images
     * @throws YoloxException if the file name leads out of the folder
     */
    public Path in(Path folder) {
      return ContainedPath.resolve(folder, fileName);
    }
  }

  /**
   * A category.
   *
   * @param id its number in the data set; ids may have gaps
   * @param name what it is called
   */
  public record Category(long id, String name) {}

  static final byte CROWD = 1;
  static final byte IGNORED = 2;
  static final byte ID_ZERO = 4;

  private final String source;
  private final List<Image> images;
  private final List<Category> categories;
  private final Map<ImageId, Integer> imageIndices = new HashMap<>();
  private final Map<Long, Integer> categoryIndices = new HashMap<>();
  private final byte[] flags;
  private final int[] firstAnnotation;

  /** Takes images and categories by ascending id; annotations must follow by ascending image. */
  GroundTruth(
      String source,
      List<Image> images,
      List<Category> categories,
      int[] firstAnnotation,
      byte[] flags) {
    this.source = source;
    this.images = List.copyOf(images);
    this.categories = List.copyOf(categories);
    this.firstAnnotation = firstAnnotation;
    this.flags = flags;
    for (int i = 0; i < images.size(); i++) {
      imageIndices.put(images.get(i).id(), i);
    }
    for (int k = 0; k < categories.size(); k++) {
      categoryIndices.put(categories.get(k).id(), k);
    }
  }

  /**
   * Reads a file of COCO instances: an object with {@code images}, {@code annotations} and {@code
   * categories}, in any order; its other entries are skipped. An annotation needs {@code image_id},
   * {@code category_id} and {@code bbox} or {@code segmentation}; without {@code area} it has its
   * box's, without {@code iscrowd} it is no crowd. {@code ignore} has no effect, as in pycocotools;
   * {@code gt_ignore}, which pycocotools does not know, marks an object that is {@linkplain
   * #ignored ignored} without being a crowd.
   *
   * @param file a JSON file of any size
   * @return its content
   * @throws YoloxException if the file cannot be read or is damaged; the message names the entry
   */
  public static GroundTruth read(Path file) {
    return read(file, Faults.ENDING);
  }

  /**
   * Reads a file without what the faults allow to leave out.
   *
   * @param file a JSON file of any size
   * @param faults is told what is wrong
   * @return the ground truth
   * @throws YoloxException if the file cannot be read or is damaged as a whole
   */
  public static GroundTruth read(Path file, Faults faults) {
    return CocoInstancesReader.read(file, faults);
  }

  /** {@return what the ground truth was made from, usually a file, for messages} */
  public String source() {
    return source;
  }

  /** {@return the images by ascending id} */
  public List<Image> images() {
    return images;
  }

  /** {@return the categories by ascending id} */
  public List<Category> categories() {
    return categories;
  }

  /**
   * {@return an image's index among {@link #images}, empty if there is none of that id}
   *
   * @param id how the data set names it
   */
  public OptionalInt imageIndex(ImageId id) {
    Integer index = imageIndices.get(id);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /**
   * {@return a category's index among {@link #categories}, empty if there is none of that id}
   *
   * @param id its number in the data set
   */
  public OptionalInt categoryIndex(long id) {
    Integer index = categoryIndices.get(id);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /**
   * {@return the index of an image's first annotation, behind the last one {@link #size}; they end
   * where those of the next image begin}
   *
   * @param image an image's index, or the number of images
   */
  public int firstAnnotation(int image) {
    return firstAnnotation[image];
  }

  /**
   * {@return an object's area in square pixels, which is that of its outline where the data set
   * knows it}
   *
   * @param annotation 0 to {@link #size} - 1
   */
  public double area(int annotation) {
    return number(annotation);
  }

  /**
   * {@return whether an annotation stands for a crowd, which any number of detections may match}
   *
   * @param annotation 0 to {@link #size} - 1
   */
  public boolean crowd(int annotation) {
    return (flags[annotation] & CROWD) != 0;
  }

  /** {@return whether there is an object that is no crowd, so that something can be learned} */
  public boolean learnable() {
    return IntStream.range(0, size()).anyMatch(i -> !crowd(i));
  }

  /**
   * {@return whether an annotation counts neither as found nor as missed: a crowd, an object marked
   * {@code gt_ignore}, a difficult object of VOC}
   *
   * @param annotation 0 to {@link #size} - 1
   */
  public boolean ignored(int annotation) {
    return (flags[annotation] & (CROWD | IGNORED)) != 0;
  }

  /**
   * {@return whether an annotation has the id 0 in its file. A detection that matches it counts as
   * wrong in the COCO metric, because pycocotools takes the id 0 for no match}
   *
   * @param annotation 0 to {@link #size} - 1
   */
  public boolean idZero(int annotation) {
    return (flags[annotation] & ID_ZERO) != 0;
  }

  /**
   * {@return the indices of one image and category's annotations, ascending}
   *
   * @param image 0 to the number of images - 1
   * @param category an index among {@link #categories}
   */
  public int[] objects(int image, int category) {
    return IntStream.range(firstAnnotation[image], firstAnnotation[image + 1])
        .filter(i -> category(i) == category)
        .toArray();
  }
}
