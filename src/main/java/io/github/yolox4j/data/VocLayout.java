package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.NewFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Data sets in VOC layout: the images' names in {@code ImageSets/Main/SPLIT.txt}, their objects in
 * {@code Annotations/NAME.xml}, their pictures in {@code JPEGImages}. Coordinates become 0-based by
 * subtracting 1; a box's width is its right edge minus its left one. Difficult objects are
 * {@linkplain GroundTruth#ignored ignored}. The categories are those of the file {@code
 * classes.txt}, a name per line, and without it the names of the objects of all splits, sorted;
 * their ids are 0, 1, ..., and the images' ids their names.
 */
final class VocLayout implements DatasetLayout {

  private static final String IMAGE_FOLDER = "JPEGImages";
  private static final String ANNOTATION_FOLDER = "Annotations";

  /** The classes in their order, where somebody wrote them down. */
  private static final String CLASS_FILE = "classes.txt";

  @Override
  public String sign() {
    return ANNOTATION_FOLDER + "/*.xml";
  }

  @Override
  public boolean recognises(Path folder) {
    return Files.isDirectory(folder.resolve(ANNOTATION_FOLDER));
  }

  /** Files with an underscore tell which images have a class. */
  @Override
  public List<String> splits(Path folder) {
    return DatasetLayout.files(splitFile(folder, "any").getParent(), 1).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(".txt") && !name.contains("_"))
        .map(DatasetLayout::stem)
        .toList();
  }

  @Override
  public Dataset open(Path folder, String split) {
    List<VocAnnotationReader.Annotation> annotations = annotations(folder, split);
    return new Dataset(
        groundTruth(folder, split, annotations, classNames(folder, annotations)),
        folder.resolve(IMAGE_FOLDER));
  }

  @Override
  public Dataset open(DatasetDescription description, String split) {
    String place = description.root().path(split).path("folder").asText("");
    return open(description.file().toAbsolutePath().resolveSibling(place), split);
  }

  /** A split that lacks a class must number the others as the rest of the data set does. */
  private static List<String> classNames(Path folder, List<VocAnnotationReader.Annotation> read) {
    Path list = folder.resolve(CLASS_FILE);
    if (Files.isRegularFile(list)) {
      return DatasetLayout.lines(list);
    }
    Set<Path> known =
        read.stream().map(VocAnnotationReader.Annotation::file).collect(Collectors.toSet());
    List<Path> others =
        DatasetLayout.files(folder.resolve(ANNOTATION_FOLDER), Integer.MAX_VALUE).stream()
            .filter(file -> file.toString().endsWith(".xml") && !known.contains(file))
            .toList();
    return Stream.concat(
            read.parallelStream(),
            others.parallelStream().map(file -> VocAnnotationReader.read("", file)))
        .flatMap(annotation -> annotation.objects().stream())
        .map(VocAnnotationReader.Labelled::name)
        .distinct()
        .sorted()
        .toList();
  }

  private static Path splitFile(Path folder, String split) {
    return folder.resolve("ImageSets").resolve("Main").resolve(split + ".txt");
  }

  private static List<VocAnnotationReader.Annotation> annotations(Path folder, String split) {
    return DatasetLayout.lines(splitFile(folder, split)).parallelStream()
        .map(
            name ->
                VocAnnotationReader.read(
                    name, ContainedPath.resolve(folder.resolve(ANNOTATION_FOLDER), name + ".xml")))
        .toList();
  }

  /** The names of the picture files by the names of the images. */
  private static Map<String, String> pictures(Path folder) {
    Map<String, String> files = new HashMap<>();
    if (Files.isDirectory(folder)) {
      DatasetLayout.files(folder, Integer.MAX_VALUE).stream()
          .map(file -> DatasetLayout.relative(folder, file))
          .sorted(Comparator.reverseOrder())
          .forEach(name -> files.put(name.replaceFirst("\\.[^./]*$", ""), name));
    }
    return files;
  }

  private static GroundTruth groundTruth(
      Path folder,
      String split,
      List<VocAnnotationReader.Annotation> annotations,
      List<String> classNames) {
    Map<String, String> pictures = pictures(folder.resolve(IMAGE_FOLDER));
    GroundTruthBuilder builder = new GroundTruthBuilder(splitFile(folder, split).toString());
    builder.addCategories(classNames);
    for (VocAnnotationReader.Annotation annotation : annotations) {
      ImageId id = new ImageId.OfText(annotation.name());
      builder.addImage(
          new GroundTruth.Image(
              id,
              pictures.getOrDefault(annotation.name(), annotation.name() + ".jpg"),
              annotation.width(),
              annotation.height()));
      for (VocAnnotationReader.Labelled object : annotation.objects()) {
        int category = classNames.indexOf(object.name());
        if (category < 0) {
          throw new YoloxException(
              "%s has an object called \"%s\"; expected one of %s"
                  .formatted(annotation.file(), object.name(), String.join(", ", classNames)));
        }
        BoundingBox box =
            new BoundingBox(
                object.xmin() - 1,
                object.ymin() - 1,
                object.xmax() - object.xmin(),
                object.ymax() - object.ymin());
        if (object.difficult()) {
          builder.addIgnored(id, category, box, false);
        } else {
          builder.add(id, category, box);
        }
      }
    }
    return builder.build();
  }

  @Override
  public Path images(Path folder, String split) {
    return folder.resolve(IMAGE_FOLDER);
  }

  @Override
  public void write(Path folder, String split, GroundTruth truth) {
    Path annotations = NewFolder.made(folder.resolve(ANNOTATION_FOLDER));
    for (int i = 0; i < truth.images().size(); i++) {
      VocAnnotationWriter.write(annotations, truth, i);
    }
    NewFolder.made(splitFile(folder, split).getParent());
    DatasetLayout.writeLines(
        splitFile(folder, split),
        truth.images().stream().map(image -> DatasetLayout.stem(image.fileName())).toList());
  }

  @Override
  public void finish(Path folder, List<String> splits, List<String> classNames) {
    for (String name : classNames) {
      if (!name.equals(name.strip()) || name.isEmpty() || name.lines().count() != 1) {
        throw new YoloxException(
            "The class \"%s\" cannot be written as a line of %s"
                .formatted(name.replaceAll("\\p{C}", "?"), CLASS_FILE));
      }
    }
    DatasetLayout.writeLines(folder.resolve(CLASS_FILE), classNames);
  }
}
