package io.github.yolox4j.eval;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.BoxTable;
import io.github.yolox4j.data.CocoResults;
import io.github.yolox4j.data.Faults;
import io.github.yolox4j.data.GroundTruth;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What was detected in the images of a {@link GroundTruth}, held in growing columns of 48 bytes per
 * detection. Detections are numbered from 0 in the order in which they were added; that order
 * decides only between equal scores. Adding is not safe for use by several threads, reading is.
 */
public final class Detections extends BoxTable {

  private static final int BYTES = 2 * Integer.BYTES + 5 * Double.BYTES;

  private final GroundTruth groundTruth;

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
    return read(file, groundTruth, Faults.ENDING);
  }

  /**
   * Reads a file of COCO results without what the faults allow to leave out.
   *
   * @param file a JSON file of any size
   * @param groundTruth what has the images and categories of the detections
   * @param faults is told of a detection that is not as expected, or of an image or a category that
   *     the ground truth does not have
   * @return the detections in the file's order
   * @throws YoloxException if the file cannot be read or is damaged as a whole
   */
  public static Detections read(Path file, GroundTruth groundTruth, Faults faults) {
    Detections detections = new Detections(groundTruth);
    CocoResults.read(file, groundTruth, detections, faults);
    return detections;
  }

  /**
   * Writes the detections as COCO results, whole or not at all. Reading them gives the same
   * numbers.
   *
   * @param file the file to make or replace
   * @throws YoloxException if the file cannot be written
   */
  public void write(Path file) {
    CocoResults.write(file, groundTruth, this);
  }

  /**
   * Adds a detection.
   *
   * @param image an index among the ground truth's images
   * @param category an index among the ground truth's categories
   * @param box where it is
   * @param score how sure it is
   * @throws YoloxException if a number is not finite
   */
  @Override
  public void add(int image, int category, BoundingBox box, double score) {
    Objects.checkIndex(image, groundTruth.images().size());
    Objects.checkIndex(category, groundTruth.categories().size());
    if (!box.isFinite() || !Double.isFinite(score)) {
      throw new YoloxException(
          "A detection in image %s has the box [%s, %s, %s, %s] and the score %s; expected finite numbers"
              .formatted(
                  groundTruth.images().get(image).id(),
                  box.x(),
                  box.y(),
                  box.width(),
                  box.height(),
                  score));
    }
    super.add(image, category, box, score);
  }

  /** {@return the detections for another process, 48 bytes per detection} */
  public byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(size(), BYTES));
    for (int d = 0; d < size(); d++) {
      BoundingBox box = box(d);
      bytes.putInt(image(d)).putInt(category(d)).putDouble(box.x()).putDouble(box.y());
      bytes.putDouble(box.width()).putDouble(box.height()).putDouble(score(d));
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
              new BoundingBox(
                  rest.getDouble(), rest.getDouble(), rest.getDouble(), rest.getDouble()),
              rest.getDouble());
        }
      }
    }
    return all;
  }

  /** {@return what the detections are compared with} */
  public GroundTruth groundTruth() {
    return groundTruth;
  }

  /**
   * {@return a detection's score; higher is surer}
   *
   * @param detection 0 to {@link #size} - 1
   */
  public double score(int detection) {
    return number(detection);
  }

  /** By category, how many objects are to be found: those that are not ignored. */
  int[] objects() {
    int[] objects = new int[groundTruth.categories().size()];
    for (int i = 0; i < groundTruth.size(); i++) {
      objects[groundTruth.category(i)] += groundTruth.ignored(i) ? 0 : 1;
    }
    return objects;
  }

  int[] images() {
    return imageColumn();
  }

  int[] categories() {
    return categoryColumn();
  }

  double[] scores() {
    return numberColumn();
  }
}
