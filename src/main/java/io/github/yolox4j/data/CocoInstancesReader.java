package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads COCO instances as a stream. */
final class CocoInstancesReader {

  private static final List<String> LISTS = List.of("images", "annotations", "categories");

  private final JsonInput json;
  private final Faults faults;
  private final boolean outlines;
  private final GroundTruthBuilder builder;
  private final Set<String> read = new HashSet<>();
  private final Set<ImageId> annotationIds = new HashSet<>();
  private boolean boxless;

  private CocoInstancesReader(Path file, JsonInput json, Faults faults, boolean outlines) {
    this.json = json;
    this.faults = faults;
    this.outlines = outlines;
    this.builder = new GroundTruthBuilder(file.toString());
  }

  /** Outlines, which are long, are read where a box is missing, in a second pass. */
  static GroundTruth read(Path file, Faults faults) {
    Optional<GroundTruth> read =
        JsonInput.read(file, json -> new CocoInstancesReader(file, json, faults, false).read());
    return read.orElseGet(
        () ->
            JsonInput.read(file, json -> new CocoInstancesReader(file, json, faults, true).read())
                .orElseThrow());
  }

  private Optional<GroundTruth> read() throws IOException {
    json.object("an object with images, annotations and categories");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      if (!LISTS.contains(key)) {
        json.skip();
        continue;
      }
      json.require(read.add(key), "there are two lists of " + key);
      switch (key) {
        case "images" ->
            json.entries("images as an array", "image", this::refused, this::readImage);
        case "annotations" ->
            json.entries(
                "annotations as an array", "annotation", this::refused, this::readAnnotation);
        default ->
            json.entries("categories as an array", "category", this::refused, this::readCategory);
      }
    }
    if (boxless) {
      return Optional.empty();
    }
    for (String list : LISTS) {
      if (!read.contains(list)) {
        YoloxException missing = json.error("the object has no " + list);
        if (!list.equals("annotations")) {
          throw missing;
        }
        faults.found(FindingKind.NOTHING_TO_LEARN, missing.getMessage());
      }
    }
    return Optional.of(builder.build(faults));
  }

  /** What is wrong is told in the pass that counts. */
  private void refused(YoloxException why) {
    if (!boxless) {
      faults.found(FindingKind.BAD_LABEL, why.getMessage());
    }
  }

  private void readImage() throws IOException {
    ImageId id = null;
    String fileName = null;
    long width = 0;
    long height = 0;
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "id" -> id = json.imageId(key);
        case "file_name" -> fileName = json.text(key).replace('\\', '/'); // of Windows
        case "width" -> width = side(key);
        case "height" -> height = side(key);
        default -> json.skip();
      }
    }
    json.require(id != null, "there is no id");
    GroundTruth.Image image =
        new GroundTruth.Image(
            id, fileName == null ? id.toString() : fileName, (int) width, (int) height);
    requireNew(builder.declare(image), "image", id);
  }

  private long side(String key) throws IOException {
    long side = json.wholeNumber(key);
    if (side < 0 || side > Integer.MAX_VALUE) {
      throw json.error("%s is %d; expected a number of pixels".formatted(key, side));
    }
    return side;
  }

  private void readCategory() throws IOException {
    Long id = null;
    String name = null;
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "id" -> id = json.wholeNumber(key);
        case "name" -> name = json.text(key);
        default -> json.skip();
      }
    }
    json.require(id != null, "there is no id");
    GroundTruth.Category category =
        new GroundTruth.Category(id, name == null ? "category " + id : name);
    requireNew(builder.declare(category), "category", id);
  }

  private void readAnnotation() throws IOException {
    ImageId id = null;
    ImageId imageId = null;
    Long categoryId = null;
    BoundingBox box = null;
    BoundingBox outline = null;
    boolean outlined = false;
    Double area = null;
    boolean crowd = false;
    boolean ignored = false;
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "id" -> id = json.imageId(key);
        case "image_id" -> imageId = json.imageId(key);
        case "category_id" -> categoryId = json.wholeNumber(key);
        case "bbox" -> box = json.box();
        case "area" -> area = json.number(key);
        case "iscrowd" -> crowd = json.flag(key);
        case "gt_ignore" -> ignored = json.flag(key);
        case "segmentation" -> {
          outlined = true;
          if (outlines) {
            outline = json.outline();
          } else {
            json.skip();
          }
        }
        default -> json.skip();
      }
    }
    json.require(imageId != null, "there is no image_id");
    json.require(categoryId != null, "there is no category_id");
    if (box == null && outlined && !outlines) {
      boxless = true;
      return;
    }
    if (box == null && outline != null) {
      box = outline;
      faults.found(
          FindingKind.OUTLINE_ONLY, json.error("the box is that of the outline").getMessage());
    }
    json.require(box != null, "there is no bbox");
    requireNew(id == null || annotationIds.add(id), "annotation", id);
    int flags =
        (crowd ? GroundTruth.CROWD : 0)
            | (ignored ? GroundTruth.IGNORED : 0)
            | (id instanceof ImageId.OfNumber(long number) && number == 0
                ? GroundTruth.ID_ZERO
                : 0);
    builder.add(imageId, categoryId, box, area == null ? box.area() : area, flags, json.line());
  }

  private void requireNew(boolean isNew, String kind, Object id) {
    if (!isNew) {
      throw json.error("an earlier %s has the id %s too".formatted(kind, id));
    }
  }
}
