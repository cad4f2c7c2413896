package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts ground truth together. Images, categories and annotations may come in any order; an
 * annotation may come before its image and its category. Not safe for use by several threads.
 */
public final class GroundTruthBuilder {

  /** Numbers ids by their first mention; what has an id may be declared later. */
  private static final class Entries<K extends Comparable<K>, V> {

    private final Map<K, Integer> indices = new HashMap<>();
    private final List<K> ids = new ArrayList<>();
    private final List<V> declared = new ArrayList<>();
    private K latest;
    private int latestIndex;

    int mention(K id) {
      // annotations of one image mostly stand together
      if (!id.equals(latest)) {
        latest = id;
        latestIndex =
            indices.computeIfAbsent(
                id,
                _ -> {
                  ids.add(id);
                  declared.add(null);
                  return declared.size() - 1;
                });
      }
      return latestIndex;
    }

    boolean declare(K id, V value) {
      return declared.set(mention(id), value) == null;
    }

    /** The indices by ascending id. */
    List<Integer> order() {
      return IntStream.range(0, ids.size()).boxed().sorted(Comparator.comparing(ids::get)).toList();
    }
  }

  private final String source;
  private final Entries<ImageId, GroundTruth.Image> images = new Entries<>();
  private final Entries<Long, GroundTruth.Category> categories = new Entries<>();
  private final BoxTable annotations = new BoxTable() {};
  private final IntStream.Builder flags = IntStream.builder();
  private final IntStream.Builder lines = IntStream.builder();

  /**
   * Begins with nothing.
   *
   * @param source what the ground truth is made from, for messages
   */
  public GroundTruthBuilder(String source) {
    this.source = source;
  }

  /**
   * Adds an image.
   *
   * @param added the image
   * @throws YoloxException if there is one of that id
   */
  public void addImage(GroundTruth.Image added) {
    if (!declare(added)) {
      throw new YoloxException("%s has two images of id %s".formatted(source, added.id()));
    }
  }

  /**
   * Adds a category.
   *
   * @param added the category
   * @throws YoloxException if there is one of that id
   */
  public void addCategory(GroundTruth.Category added) {
    if (!declare(added)) {
      throw new YoloxException("%s has two categories of id %d".formatted(source, added.id()));
    }
  }

  /** Adds categories with the ids 0, 1, ... */
  void addCategories(List<String> names) {
    for (int k = 0; k < names.size(); k++) {
      addCategory(new GroundTruth.Category(k, names.get(k)));
    }
  }

  /** Adds an image unless there is one of that id. */
  boolean declare(GroundTruth.Image added) {
    return images.declare(added.id(), added);
  }

  /** Adds a category unless there is one of that id. */
  boolean declare(GroundTruth.Category added) {
    return categories.declare(added.id(), added);
  }

  /**
   * Adds an object with its box's area.
   *
   * @param image its image's id
   * @param category its category's id
   * @param box where it is
   */
  public void add(ImageId image, long category, BoundingBox box) {
    add(image, category, box, box.area(), 0, 0);
  }

  /**
   * Adds what counts neither as found nor as missed, with its box's area.
   *
   * @param image its image's id
   * @param category its category's id
   * @param box where it is
   * @param crowd whether any number of detections may match it
   */
  public void addIgnored(ImageId image, long category, BoundingBox box, boolean crowd) {
    add(image, category, box, box.area(), crowd ? GroundTruth.CROWD : GroundTruth.IGNORED, 0);
  }

  /**
   * Adds an annotation.
   *
   * @param marks flags of {@link GroundTruth}
   * @param line where it ends in the file, 0 if unknown
   */
  void add(ImageId image, long category, BoundingBox box, double area, int marks, int line) {
    annotations.add(images.mention(image), categories.mention(category), box, area);
    flags.add(marks);
    lines.add(line);
  }

  /**
   * Finishes, once.
   *
   * @return the ground truth
   * @throws YoloxException if an annotation's image or category was never added
   */
  public GroundTruth build() {
    int[] line = lines.build().toArray();
    int[] image = annotations.imageColumn();
    int[] category = annotations.categoryColumn();
    requireDeclared(images, image, line, "image", "images");
    requireDeclared(categories, category, line, "category", "categories");
    List<GroundTruth.Image> sortedImages = sort(images, image);
    List<GroundTruth.Category> sortedCategories = sort(categories, category);
    int[] mark = flags.build().toArray();
    byte[] sortedFlags = new byte[image.length];
    int[] firsts = CountingSort.starts(image, sortedImages.size());
    GroundTruth truth =
        new GroundTruth(source, sortedImages, sortedCategories, firsts, sortedFlags);
    int[] order = IntStream.range(0, image.length).toArray();
    for (int i : CountingSort.by(image, sortedImages.size(), order)) {
      sortedFlags[truth.size()] = (byte) mark[i];
      truth.add(image[i], category[i], annotations.box(i), annotations.number(i));
    }
    return truth;
  }

  /** Sorts entries by id, all of which are declared, and makes numbers those in the sorted list. */
  private static <V> List<V> sort(Entries<?, V> entries, int[] numbers) {
    List<Integer> order = entries.order();
    int[] renumbered = new int[order.size()];
    for (int i = 0; i < renumbered.length; i++) {
      renumbered[order.get(i)] = i;
    }
    Arrays.setAll(numbers, i -> renumbered[numbers[i]]);
    return order.stream().map(entries.declared::get).toList();
  }

  private void requireDeclared(
      Entries<?, ?> entries, int[] used, int[] line, String one, String all) {
    for (int i = 0; i < used.length; i++) {
      if (entries.declared.get(used[i]) == null) {
        throw new YoloxException(
            "%s%s: annotation %d is of the %s %s, which is not among the %s"
                .formatted(
                    source,
                    line[i] == 0 ? "" : " line " + line[i],
                    i + 1,
                    one,
                    entries.ids.get(used[i]),
                    all));
      }
    }
  }
}
