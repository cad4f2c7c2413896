package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Data sets in YOLO layout: {@code data.yaml} with class names and folders of images, and beside
 * each {@code images} folder a {@code labels} folder with a text file per image, whose lines are
 * class, centre x, centre y, width, height as shares of the picture, or class and the points of an
 * outline. The pictures are opened for their size.
 */
final class YoloLayout implements DatasetLayout {

  private static final String DESCRIPTION = "data.yaml";

  private static final Pattern ID = Pattern.compile("\\d{1,9}");

  /** What other programs write among pictures. */
  private static final Set<String> BESIDE_IMAGES =
      Set.of("txt", "json", "xml", "yaml", "csv", "cache", "npy", "md", "ini", "db");

  @Override
  public String sign() {
    return DESCRIPTION;
  }

  @Override
  public boolean hasSign(Path folder) {
    return Files.isRegularFile(folder.resolve(DESCRIPTION));
  }

  @Override
  public List<String> splits(Path folder) {
    return DatasetDescription.read(folder.resolve(DESCRIPTION)).splits();
  }

  @Override
  public Dataset open(Path folder, String split, Faults faults) {
    return open(DatasetDescription.read(folder.resolve(DESCRIPTION)), split, faults);
  }

  @Override
  public Dataset open(DatasetDescription description, String split, Faults faults) {
    List<Path> places = places(description, split);
    Path images =
        places.size() == 1 && Files.isDirectory(places.getFirst())
            ? places.getFirst()
            : description.folder().normalize();
    List<GroundTruth.Category> classes = classes(description, faults);
    List<Path> files = new ArrayList<>();
    places.forEach(place -> files.addAll(pictures(place, faults)));
    String source = "%s (%s)".formatted(description.file(), split);
    return YoloPictures.read(source, classes, images, files, faults);
  }

  /** What holds a split's images: folders, and text files that list them. */
  private static List<Path> places(DatasetDescription description, String split) {
    JsonNode node = description.split(split);
    List<Path> places = new ArrayList<>();
    for (JsonNode place : node.isTextual() ? List.of(node) : node) {
      if (!place.isTextual() || !(node.isTextual() || node.isArray())) {
        throw description.wrong(split, node, "the folder of its images, or a list of folders");
      }
      places.add(description.place(place.asText()));
    }
    if (places.isEmpty()) {
      throw description.missing(split, "the folder of its images");
    }
    return places;
  }

  private static List<Path> pictures(Path place, Faults faults) {
    if (Files.isRegularFile(place)) {
      Path folder = place.toAbsolutePath().normalize().getParent();
      return DatasetLayout.lines(place).stream()
          .map(line -> DatasetLayout.inside(folder, line))
          .toList();
    }
    List<Path> pictures = new ArrayList<>();
    for (Path file : DatasetLayout.files(place, Integer.MAX_VALUE, faults)) {
      if (Picture.named(file)) {
        pictures.add(file);
      } else if (!BESIDE_IMAGES.contains(Extension.of(file))) {
        faults.found(FindingKind.UNKNOWN_FILE, file.toString());
      }
    }
    return pictures;
  }

  /** The classes, by ascending id: a list, or a map whose keys may have gaps. */
  private static List<GroundTruth.Category> classes(DatasetDescription description, Faults faults) {
    JsonNode node = description.root().path("names");
    Map<Long, String> names = new TreeMap<>();
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> name : node.properties()) {
        if (!ID.matcher(name.getKey()).matches()) {
          throw description.wrong("names", name.getKey(), "whole numbers before the names");
        }
        names.put(Long.valueOf(name.getKey()), name.getValue().asText());
      }
    } else {
      node.forEach(name -> names.put((long) names.size(), name.asText()));
    }
    if (names.isEmpty()) {
      throw description.missing("names", "the classes");
    }
    JsonNode count = description.root().path("nc");
    if (count.isNumber() && count.asLong() != names.size()) {
      faults.found(
          FindingKind.DIFFERENT_CLASS_COUNT,
          "%s: nc is %d, names has %d".formatted(description.file(), count.asLong(), names.size()));
    }
    return names.entrySet().stream()
        .map(name -> new GroundTruth.Category(name.getKey(), name.getValue()))
        .toList();
  }

  @Override
  public Path images(Path folder, String split) {
    return folder.resolve("images").resolve(split);
  }

  @Override
  public void write(Path folder, String split, GroundTruth truth) {
    YoloPictures.write(NewFolder.made(folder.resolve("labels").resolve(split)), truth);
  }

  @Override
  public void finish(Path folder, List<String> splits, List<String> classNames) {
    Map<String, Object> description = new LinkedHashMap<>();
    splits.forEach(split -> description.put(split, "images/" + split));
    description.put("names", classNames);
    AtomicFile.write(
        folder.resolve(DESCRIPTION),
        out -> out.write(new YAMLMapper().writeValueAsBytes(description)));
  }

  @Override
  public Optional<String> loss(int ignored) {
    return YoloPictures.loss(ignored);
  }
}
