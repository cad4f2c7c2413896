package io.github.yolox4j.eval;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.DoubleColumn;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.IntColumn;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What was detected in the images of a {@link GroundTruth}, held in growing columns of 48 bytes per
 * detection. Detections are numbered from 0 in the order in which they were added; that order
 * decides only between equal scores. Adding is not safe for use by several threads, reading is.
 */
public final class Detections {

  private static final int BYTES = 2 * Integer.BYTES + 5 * Double.BYTES;

  private final GroundTruth groundTruth;
  private final IntColumn image = new IntColumn();
  private final IntColumn category = new IntColumn();
  private final DoubleColumn x = new DoubleColumn();
  private final DoubleColumn y = new DoubleColumn();
  private final DoubleColumn width = new DoubleColumn();
  private final DoubleColumn height = new DoubleColumn();
  private final DoubleColumn score = new DoubleColumn();

  /**
   * Begins with no detections.
   *
   * @param groundTruth what they are to be compared with
   */
  public Detections(GroundTruth groundTruth) {
    this.groundTruth = groundTruth;
  }

  /**
   * Reads a file of COCO results: an array of objects with {@code image_id}, {@code category_id},
   * {@code bbox} and {@code score}; other keys are skipped.
   *
   * @param file a JSON file of any size
   * @param groundTruth what has the images and categories of the detections
   * @return the detections in the file's order
   * @throws YoloxException if the file cannot be read or is damaged, or a detection is of an image
   *     or a category that the ground truth does not have; the message names the entry
   */
  public static Detections read(Path file, GroundTruth groundTruth) {
    return CocoDetectionsReader.read(file, groundTruth);
  }

  /**
   * Writes the detections as COCO results, whole or not at all. Reading them gives the same
   * numbers.
   *
   * @param file the file to make or replace
   * @throws YoloxException if the file cannot be written
   */
  public void write(Path file) {
    CocoDetectionsWriter.write(file, this);
  }

  /**
   * Adds a detection.
   *
   * @param imageIndex its image, an index among the ground truth's images
   * @param categoryIndex its category, an index among the ground truth's categories
   * @param left the box's left edge in pixels
   * @param top the box's top edge in pixels
   * @param boxWidth the box's width in pixels
   * @param boxHeight the box's height in pixels
   * @param confidence its score; higher is surer
   * @throws YoloxException if a number is not finite
   */
  public void add(
      int imageIndex,
      int categoryIndex,
      double left,
      double top,
      double boxWidth,
      double boxHeight,
      double confidence) {
    Objects.checkIndex(imageIndex, groundTruth.images().size());
    Objects.checkIndex(categoryIndex, groundTruth.categories().size());
    if (!Double.isFinite(left + top + boxWidth + boxHeight + confidence)) {
      throw new YoloxException(
          "A detection in image %s has the box [%s, %s, %s, %s] and the score %s; expected finite numbers"
              .formatted(
                  groundTruth.images().get(imageIndex).id(),
                  left,
                  top,
                  boxWidth,
                  boxHeight,
                  confidence));
    }
    image.add(imageIndex);
    category.add(categoryIndex);
    x.add(left);
    y.add(top);
    width.add(boxWidth);
    height.add(boxHeight);
    score.add(confidence);
  }

  /**
   * Returns the detections for another process.
   *
   * @return 48 bytes per detection
   */
  public byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(size(), BYTES));
    for (int d = 0; d < size(); d++) {
      bytes.putInt(image(d)).putInt(category(d));
      bytes.putDouble(x(d)).putDouble(y(d)).putDouble(width(d)).putDouble(height(d));
      bytes.putDouble(score(d));
    }
    return bytes.array();
  }

  /**
   * Puts the detections of several processes together as if one had made them all.
   *
   * @param groundTruth what they are compared with
   * @param parts what each process's {@link #toBytes} gave, each in the order of its images
   * @return the detections in the order of the images
   */
  public static Detections inImageOrder(GroundTruth groundTruth, List<byte[]> parts) {
    Detections all = new Detections(groundTruth);
    List<ByteBuffer> rests = parts.stream().map(ByteBuffer::wrap).toList();
    for (int i = 0; i < groundTruth.images().size(); i++) {
      for (ByteBuffer rest : rests) {
        while (rest.hasRemaining() && rest.getInt(rest.position()) == i) {
          all.add(
              rest.getInt(),
              rest.getInt(),
              rest.getDouble(),
              rest.getDouble(),
              rest.getDouble(),
              rest.getDouble(),
              rest.getDouble());
        }
      }
    }
    return all;
  }

  /**
   * Returns what the detections are compared with.
   *
   * @return the ground truth
   */
  public GroundTruth groundTruth() {
    return groundTruth;
  }

  /**
   * Returns how many detections there are.
   *
   * @return at least 0
   */
  public int size() {
    return score.size();
  }

  /**
   * Returns a detection's image.
   *
   * @param detection 0 to {@link #size} - 1
   * @return an index among the ground truth's images
   */
  public int image(int detection) {
    return image.get(detection);
  }

  /**
   * Returns a detection's category.
   *
   * @param detection 0 to {@link #size} - 1
   * @return an index among the ground truth's categories
   */
  public int category(int detection) {
    return category.get(detection);
  }

  /**
   * Returns a box's left edge.
   *
   * @param detection 0 to {@link #size} - 1
   * @return in pixels
   */
  public double x(int detection) {
    return x.get(detection);
  }

  /**
   * Returns a box's top edge.
   *
   * @param detection 0 to {@link #size} - 1
   * @return in pixels
   */
  public double y(int detection) {
    return y.get(detection);
  }

  /**
   * Returns a box's width.
   *
   * @param detection 0 to {@link #size} - 1
   * @return in pixels
   */
  public double width(int detection) {
    return width.get(detection);
  }

  /**
   * Returns a box's height.
   *
   * @param detection 0 to {@link #size} - 1
   * @return in pixels
   */
  public double height(int detection) {
    return height.get(detection);
  }

  /**
   * Returns a detection's score.
   *
   * @param detection 0 to {@link #size} - 1
   * @return higher is surer
   */
  public double score(int detection) {
    return score.get(detection);
  }

  int[] images() {
    return image.toArray();
  }

  /** The scores by detection; the array may be longer. */
  double[] scores() {
    return score.values();
  }

  int[] categories() {
    return category.toArray();
  }
}
