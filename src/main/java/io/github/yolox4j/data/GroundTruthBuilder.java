package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.util.ArrayList;
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
  private static final class Entries<K, V> {

    private final Comparator<K> ascending;
    private final Map<K, Integer> indices = new HashMap<>();
    private final List<K> ids = new ArrayList<>();
    private final List<V> declared = new ArrayList<>();
    private K latest;
    private int latestIndex;

    Entries(Comparator<K> ascending) {
      this.ascending = ascending;
    }

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

    /** What was declared, by ascending id. */
    Order<V> order() {
      int[] present =
          IntStream.range(0, ids.size())
              .filter(i -> declared.get(i) != null)
              .boxed()
              .sorted(Comparator.comparing(ids::get, ascending))
              .mapToInt(Integer::intValue)
              .toArray();
      int[] position = new int[ids.size()];
      for (int i = 0; i < present.length; i++) {
        position[present[i]] = i;
      }
      return new Order<>(IntStream.of(present).mapToObj(declared::get).toList(), position);
    }

    boolean has(K id) {
      Integer index = indices.get(id);
      return index != null && declared.get(index) != null;
    }
  }

  /** Entries in their order, and where each is that was mentioned. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Order<V>(List<V> values, int[] position) {}

  private final String source;
  private final Entries<ImageId, GroundTruth.Image> images = new Entries<>(ImageId.ORDER);
  private final Entries<Long, GroundTruth.Category> categories = new Entries<>(Long::compare);
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
    return build(Faults.ENDING);
  }

  /** Finishes, once, without the annotations whose image or category was never added. */
  GroundTruth build(Faults faults) {
    int[] line = lines.build().toArray();
    int[] image = annotations.imageColumn();
    int[] category = annotations.categoryColumn();
    int[] kept =
        IntStream.range(0, image.length)
            .filter(
                i ->
                    declared(images, image[i], i, line[i], "image", "images", faults)
                        && declared(
                            categories, category[i], i, line[i], "category", "categories", faults))
            .toArray();
    Order<GroundTruth.Image> sortedImages = images.order();
    Order<GroundTruth.Category> sortedCategories = categories.order();
    int[] mark = flags.build().toArray();
    int[] imageOf = IntStream.of(kept).map(i -> sortedImages.position[image[i]]).toArray();
    byte[] sortedFlags = new byte[kept.length];
    int[] firsts = CountingSort.starts(imageOf, sortedImages.values.size());
    GroundTruth truth =
        new GroundTruth(source, sortedImages.values, sortedCategories.values, firsts, sortedFlags);
    int[] order = IntStream.range(0, kept.length).toArray();
    for (int k : CountingSort.by(imageOf, sortedImages.values.size(), order)) {
      int i = kept[k];
      sortedFlags[truth.size()] = (byte) mark[i];
      truth.add(
          imageOf[k],
          sortedCategories.position[category[i]],
          annotations.box(i),
          annotations.number(i));
    }
    return truth;
  }

  private boolean declared(
      Entries<?, ?> entries,
      int used,
      int annotation,
      int line,
      String one,
      String all,
      Faults faults) {
    if (entries.declared.get(used) != null) {
      return true;
    }
    Object id = entries.ids.get(used);
    faults.found(
        FindingKind.BAD_LABEL,
        "%s%s: annotation %d is of the %s %s, which is not among the %s%s"
            .formatted(
                source,
                line == 0 ? "" : " line " + line,
                annotation + 1,
                one,
                id instanceof ImageId.OfText(String text) ? "\"%s\"".formatted(text) : id,
                all,
                id instanceof ImageId named && named.twin().filter(images::has).isPresent()
                    ? "; the %s of that id is %s"
                        .formatted(one, id instanceof ImageId.OfText ? "a number" : "a text")
                    : ""));
    return false;
  }
}
