package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts ground truth together. Images, categories and annotations may come in any order; an
 * annotation may come before its image and its category. Not safe for use by several threads.
 */
public final class GroundTruthBuilder {

  /** Numbers ids by their first mention; what has an id may be declared later. */
  private static final class Entries<K, V> {

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
                  return ids.size() - 1;
                });
      }
      return latestIndex;
    }

    boolean declare(K id, V value) {
      return declared.set(mention(id), value) == null;
    }

    List<V> sorted(Comparator<V> order) {
      return declared.stream().filter(value -> value != null).sorted(order).toList();
    }
  }

  private final String source;
  private final Entries<ImageId, GroundTruth.Image> images = new Entries<>();
  private final Entries<Long, GroundTruth.Category> categories = new Entries<>();
  private final IntColumn image = new IntColumn();
  private final IntColumn category = new IntColumn();
  private final DoubleColumn x = new DoubleColumn();
  private final DoubleColumn y = new DoubleColumn();
  private final DoubleColumn width = new DoubleColumn();
  private final DoubleColumn height = new DoubleColumn();
  private final DoubleColumn area = new DoubleColumn();
  private final IntColumn flags = new IntColumn();
  private final IntColumn lines = new IntColumn();

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
   * @param imageId its image
   * @param categoryId its category
   * @param left the box's left edge in pixels
   * @param top the box's top edge in pixels
   * @param boxWidth the box's width in pixels
   * @param boxHeight the box's height in pixels
   * @param ignored whether it counts neither as found nor as missed
   */
  public void addObject(
      ImageId imageId,
      long categoryId,
      double left,
      double top,
      double boxWidth,
      double boxHeight,
      boolean ignored) {
    add(
        new CocoAnnotation(
            imageId,
            categoryId,
            left,
            top,
            boxWidth,
            boxHeight,
            boxWidth * boxHeight,
            ignored ? GroundTruth.IGNORED : 0,
            0));
  }

  /**
   * Adds a crowd with its box's area.
   *
   * @param imageId its image
   * @param categoryId its category
   * @param left the box's left edge in pixels
   * @param top the box's top edge in pixels
   * @param boxWidth the box's width in pixels
   * @param boxHeight the box's height in pixels
   */
  public void addCrowd(
      ImageId imageId,
      long categoryId,
      double left,
      double top,
      double boxWidth,
      double boxHeight) {
    add(
        new CocoAnnotation(
            imageId,
            categoryId,
            left,
            top,
            boxWidth,
            boxHeight,
            boxWidth * boxHeight,
            GroundTruth.CROWD,
            0));
  }

  void add(CocoAnnotation added) {
    image.add(images.mention(added.imageId()));
    category.add(categories.mention(added.categoryId()));
    x.add(added.x());
    y.add(added.y());
    width.add(added.width());
    height.add(added.height());
    area.add(added.area());
    flags.add(added.flags());
    lines.add(added.line());
  }

  /**
   * Finishes.
   *
   * @return the ground truth
   * @throws YoloxException if an annotation's image or category was never added
   */
  public GroundTruth build() {
    requireDeclared(images, image, "image", "images");
    requireDeclared(categories, category, "category", "categories");
    List<GroundTruth.Image> sortedImages =
        images.sorted(Comparator.comparing(GroundTruth.Image::id));
    List<GroundTruth.Category> sortedCategories =
        categories.sorted(Comparator.comparingLong(GroundTruth.Category::id));
    int[] newImages = new int[sortedImages.size()];
    for (int i = 0; i < newImages.length; i++) {
      newImages[images.mention(sortedImages.get(i).id())] = i;
    }
    int[] newCategories = new int[sortedCategories.size()];
    for (int k = 0; k < newCategories.length; k++) {
      newCategories[categories.mention(sortedCategories.get(k).id())] = k;
    }
    int annotations = image.size();
    int[] unsortedImages = new int[annotations];
    for (int i = 0; i < annotations; i++) {
      unsortedImages[i] = newImages[image.get(i)];
    }
    int[] order = CountingSort.identity(annotations);
    order = CountingSort.by(unsortedImages, newImages.length, order);
    int[] annotationImages = new int[annotations];
    int[] annotationCategories = new int[annotations];
    byte[] annotationFlags = new byte[annotations];
    for (int i = 0; i < annotations; i++) {
      annotationImages[i] = unsortedImages[order[i]];
      annotationCategories[i] = newCategories[category.get(order[i])];
      annotationFlags[i] = (byte) flags.get(order[i]);
    }
    return new GroundTruth(
        source,
        sortedImages,
        sortedCategories,
        new GroundTruth.Annotations(
            annotationImages,
            annotationCategories,
            x.at(order),
            y.at(order),
            width.at(order),
            height.at(order),
            area.at(order),
            annotationFlags));
  }

  private void requireDeclared(Entries<?, ?> entries, IntColumn used, String one, String all) {
    for (int i = 0; i < used.size(); i++) {
      if (entries.declared.get(used.get(i)) == null) {
        throw new YoloxException(
            "%s%s: annotation %d is of the %s %s, which is not among the %s"
                .formatted(
                    source,
                    lines.get(i) == 0 ? "" : " line " + lines.get(i),
                    i + 1,
                    one,
                    entries.ids.get(used.get(i)),
                    all));
      }
    }
  }
}
