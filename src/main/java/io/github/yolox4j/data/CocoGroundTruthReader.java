package io.github.yolox4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Reads COCO instances as a stream. */
final class CocoGroundTruthReader {

  private final JsonInput json;
  private final GroundTruthBuilder builder;
  private final double[] box = new double[4];
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
          json.require(!images, "there are two lists of images");
          images = true;
          readImages();
        }
        case "annotations" -> {
          json.require(!annotations, "there are two lists of annotations");
          annotations = true;
          readAnnotations();
        }
        case "categories" -> {
          json.require(!categories, "there are two lists of categories");
          categories = true;
          readCategories();
        }
        default -> json.skip();
      }
    }
    json.require(images, "the object has no images");
    json.require(annotations, "the object has no annotations");
    json.require(categories, "the object has no categories");
    return builder.build();
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
      json.require(id != null, "there is no id");
      GroundTruth.Image image =
          new GroundTruth.Image(
              id, fileName == null ? id.toString() : fileName, (int) width, (int) height);
      requireNew(builder.declare(image), "image", id);
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
      json.require(id != null, "there is no id");
      GroundTruth.Category category =
          new GroundTruth.Category(id, name == null ? "category " + id : name);
      requireNew(builder.declare(category), "category", id);
    }
  }

  private void readAnnotations() throws IOException {
    json.requireArray("annotations as an array");
    json.entries("annotation");
    while (json.nextEntry()) {
      ImageId id = null;
      ImageId imageId = null;
      Long categoryId = null;
      boolean hasBox = false;
      Double area = null;
      boolean crowd = false;
      boolean ignored = false;
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        switch (key) {
          case "id" -> id = json.imageId(key);
          case "image_id" -> imageId = json.imageId(key);
          case "category_id" -> categoryId = json.wholeNumber(key);
          case "bbox" -> {
            json.box(box);
            hasBox = true;
          }
          case "area" -> area = json.number(key);
          case "iscrowd" -> crowd = json.flag(key);
          case "gt_ignore" -> ignored = json.flag(key);
          default -> json.skip();
        }
      }
      json.require(imageId != null, "there is no image_id");
      json.require(categoryId != null, "there is no category_id");
      json.require(hasBox, "there is no bbox");
      requireNew(id == null || annotationIds.add(id), "annotation", id);
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
              box[0],
              box[1],
              box[2],
              box[3],
              area == null ? box[2] * box[3] : area,
              (byte) flags,
              json.line()));
    }
  }

  private void requireNew(boolean isNew, String kind, Object id) {
    if (!isNew) {
      throw json.error("an earlier %s has the id %s too".formatted(kind, id));
    }
  }
}
