package io.github.yolox4j.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Reads COCO instances as a stream. */
final class CocoGroundTruthReader {

  private final JsonInput json;
  private final GroundTruthBuilder builder;
  private final Set<ImageId> annotationIds = new HashSet<>();

  private CocoGroundTruthReader(Path file, JsonInput json) {
    this.json = json;
    this.builder = new GroundTruthBuilder(file.toString());
  }

  static GroundTruth read(Path file) {
    return JsonInput.read(file, json -> new CocoGroundTruthReader(file, json).read());
  }

  private GroundTruth read() throws IOException {
    json.next();
    json.requireObject("an object with images, annotations and categories");
    boolean images = false;
    boolean annotations = false;
    boolean categories = false;
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "images" -> {
          requireFirst(images, key);
          images = true;
          readImages();
        }
        case "annotations" -> {
          requireFirst(annotations, key);
          annotations = true;
          readAnnotations();
        }
        case "categories" -> {
          requireFirst(categories, key);
          categories = true;
          readCategories();
        }
        default -> json.skip();
      }
    }
    if (!images || !annotations || !categories) {
      throw json.error("the object has no images, no annotations or no categories");
    }
    return builder.build();
  }

  private void requireFirst(boolean already, String key) {
    if (already) {
      throw json.error("there are two lists of " + key);
    }
  }

  private void readImages() throws IOException {
    json.requireArray("images as an array");
    json.entries("image");
    while (json.nextEntry()) {
      ImageId id = null;
      String fileName = null;
      long width = 0;
      long height = 0;
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        switch (key) {
          case "id" -> id = json.imageId(key);
          case "file_name" -> fileName = json.text(key);
          case "width" -> width = side(key);
          case "height" -> height = side(key);
          default -> json.skip();
        }
      }
      require(id, "id");
      builder.addImage(
          new GroundTruth.Image(
              id, fileName == null ? id.toString() : fileName, (int) width, (int) height));
    }
  }

  private long side(String key) throws IOException {
    long side = json.wholeNumber(key);
    if (side < 0 || side > Integer.MAX_VALUE) {
      throw json.error("%s is %d; expected a number of pixels".formatted(key, side));
    }
    return side;
  }

  private void readCategories() throws IOException {
    json.requireArray("categories as an array");
    json.entries("category");
    while (json.nextEntry()) {
      Long id = null;
      String name = null;
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        switch (key) {
          case "id" -> id = json.wholeNumber(key);
          case "name" -> name = json.text(key);
          default -> json.skip();
        }
      }
      require(id, "id");
      builder.addCategory(new GroundTruth.Category(id, name == null ? "category " + id : name));
    }
  }

  private void readAnnotations() throws IOException {
    json.requireArray("annotations as an array");
    json.entries("annotation");
    while (json.nextEntry()) {
      ImageId id = null;
      ImageId imageId = null;
      Long categoryId = null;
      double[] box = null;
      Double area = null;
      boolean crowd = false;
      boolean ignored = false;
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        switch (key) {
          case "id" -> id = json.imageId(key);
          case "image_id" -> imageId = json.imageId(key);
          case "category_id" -> categoryId = json.wholeNumber(key);
          case "bbox" -> {
            box = new double[4];
            json.box(box);
          }
          case "area" -> area = json.number(key);
          case "iscrowd" -> crowd = json.flag(key);
          case "gt_ignore" -> ignored = json.flag(key);
          default -> json.skip();
        }
      }
      require(imageId, "image_id");
      require(categoryId, "category_id");
      require(box, "bbox");
      if (id != null && !annotationIds.add(id)) {
        throw json.error("an earlier annotation has the id %s too".formatted(id));
      }
      int flags =
          (crowd ? GroundTruth.CROWD : 0)
              | (ignored ? GroundTruth.IGNORED : 0)
              | (id instanceof ImageId.OfNumber(long number) && number == 0
                  ? GroundTruth.ID_ZERO
                  : 0);
      builder.add(
          new CocoAnnotation(
              imageId,
              categoryId,
              box,
              area == null ? box[2] * box[3] : area,
              (byte) flags,
              json.line()));
    }
  }

  private void require(Object value, String key) {
    if (value == null) {
      throw json.error("there is no " + key);
    }
  }
}
