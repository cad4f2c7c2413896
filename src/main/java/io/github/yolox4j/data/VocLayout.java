package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.image.Picture;
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
 * their ids are 0, 1, ..., and the images' ids their names. Other programs write annotations beside
 * the pictures, in a folder for each split or in one for all.
 */
final class VocLayout implements DatasetLayout {

  private static final String IMAGE_FOLDER = "JPEGImages";
  private static final String ANNOTATION_FOLDER = "Annotations";

  /** The extension of annotations. */
  private static final String ANNOTATION = "xml";

  /** The classes in their order, where somebody wrote them down. */
  private static final String CLASS_FILE = "classes.txt";

  /** The split of a folder that has pictures and annotations and no more. */
  private static final String ONLY_SPLIT = "train";

  @Override
  public String sign() {
    return ANNOTATION_FOLDER + "/*.xml, SPLIT/*.xml, *.xml";
  }

  @Override
  public boolean hasSign(Path folder) {
    return Files.isDirectory(folder.resolve(ANNOTATION_FOLDER));
  }

  @Override
  public boolean recognises(Path folder) {
    return annotated(folder) || !annotatedSplits(folder).isEmpty();
  }

  private static boolean annotated(Path folder) {
    return DatasetLayout.holds(folder, ANNOTATION);
  }

  private static List<SplitFolder> annotatedSplits(Path folder) {
    return DatasetLayout.splitFolders(folder).stream()
        .filter(each -> annotated(each.path()))
        .toList();
  }

  private static List<Path> annotationFiles(Path folder, int depth, Faults faults) {
    return DatasetLayout.files(folder, depth, faults).stream()
        .filter(file -> Extension.of(file).equals(ANNOTATION))
        .toList();
  }

  /** Files with an underscore tell which images have a class. */
  @Override
  public List<String> splits(Path folder) {
    if (!hasSign(folder)) {
      List<String> splits = annotatedSplits(folder).stream().map(SplitFolder::split).toList();
      return splits.isEmpty() ? List.of(ONLY_SPLIT) : splits;
    }
    return DatasetLayout.files(splitFile(folder, "any").getParent(), "txt").stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> !name.contains("_"))
        .map(DatasetLayout::stem)
        .toList();
  }

  @Override
  public Dataset open(Path folder, String split, Faults faults) {
    if (hasSign(folder)) {
      Path annotations = folder.resolve(ANNOTATION_FOLDER);
      List<VocAnnotationReader.Annotation> read =
          DatasetLayout.lines(splitFile(folder, split)).parallelStream()
              .map(
                  name ->
                      VocAnnotationReader.read(
                          name, ContainedPath.resolve(annotations, name + ".xml")))
              .toList();
      String source = splitFile(folder, split).toString();
      return open(folder, annotations, read, folder.resolve(IMAGE_FOLDER), source, faults);
    }
    Path images =
        annotatedSplits(folder).stream()
            .filter(each -> each.split().equals(split))
            .map(SplitFolder::path)
            .findFirst()
            .orElse(folder);
    if (!annotated(images)) {
      throw new YoloxException("Data set %s has no split '%s'".formatted(folder, split));
    }
    List<VocAnnotationReader.Annotation> read =
        annotationFiles(images, 1, faults).parallelStream()
            .map(
                file ->
                    VocAnnotationReader.read(
                        DatasetLayout.stem(file.getFileName().toString()), file))
            .toList();
    return open(folder, folder, read, images, images.toString(), faults);
  }

  private static Dataset open(
      Path folder,
      Path annotations,
      List<VocAnnotationReader.Annotation> read,
      Path images,
      String source,
      Faults faults) {
    List<String> classNames = classNames(folder, annotations, read, faults);
    return new Dataset(groundTruth(source, images, read, classNames, faults), images);
  }

  /** A split that lacks a class must number the others as the rest of the data set does. */
  private static List<String> classNames(
      Path folder, Path annotations, List<VocAnnotationReader.Annotation> read, Faults faults) {
    Path list = folder.resolve(CLASS_FILE);
    if (Files.isRegularFile(list)) {
      return DatasetLayout.lines(list);
    }
    Set<Path> known =
        read.stream().map(VocAnnotationReader.Annotation::file).collect(Collectors.toSet());
    List<VocAnnotationReader.Annotation> others =
        annotationFiles(annotations, Integer.MAX_VALUE, faults).parallelStream()
            .filter(file -> !known.contains(file))
            .map(file -> VocAnnotationReader.read("", file))
            .toList();
    others.forEach(other -> report(other, faults));
    return Stream.concat(read.stream(), others.stream())
        .flatMap(annotation -> annotation.objects().stream())
        .map(VocAnnotationReader.Labelled::name)
        .distinct()
        .sorted()
        .toList();
  }

  private static void report(VocAnnotationReader.Annotation annotation, Faults faults) {
    annotation.wrong().forEach(sentence -> faults.found(FindingKind.BAD_LABEL, sentence));
  }

  private static Path splitFile(Path folder, String split) {
    return folder.resolve("ImageSets").resolve("Main").resolve(split + ".txt");
  }

  /** The names of the picture files by the names of the images. */
  private static Map<String, String> pictures(Path folder, Faults faults) {
    Map<String, String> files = new HashMap<>();
    if (Files.isDirectory(folder)) {
      DatasetLayout.files(folder, Integer.MAX_VALUE, faults).stream()
          .filter(Picture::named)
          .map(file -> DatasetLayout.relative(folder, file))
          .sorted(Comparator.reverseOrder())
          .forEach(name -> files.put(name.replaceFirst("\\.[^./]*$", ""), name));
    }
    return files;
  }

  private static GroundTruth groundTruth(
      String source,
      Path images,
      List<VocAnnotationReader.Annotation> annotations,
      List<String> classNames,
      Faults faults) {
    Map<String, String> pictures = pictures(images, faults);
    GroundTruthBuilder builder = new GroundTruthBuilder(source);
    builder.addCategories(classNames);
    Map<String, Integer> categories = new HashMap<>();
    for (int k = 0; k < classNames.size(); k++) {
      categories.putIfAbsent(classNames.get(k), k);
    }
    for (VocAnnotationReader.Annotation annotation : annotations) {
      report(annotation, faults);
      if (!annotation.readable()) {
        continue;
      }
      ImageId id = new ImageId.OfText(annotation.name());
      builder.addImage(
          new GroundTruth.Image(
              id,
              pictures.getOrDefault(annotation.name(), annotation.name() + ".jpg"),
              annotation.width(),
              annotation.height()));
      for (VocAnnotationReader.Labelled object : annotation.objects()) {
        Integer category = categories.get(object.name());
        if (category == null) {
          faults.found(
              FindingKind.BAD_LABEL,
              "%s has an object called \"%s\"; expected one of %s"
                  .formatted(annotation.file(), object.name(), String.join(", ", classNames)));
          continue;
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
    if (faults.thorough()) {
      reportUnused(images, pictures, annotations, faults);
    }
    return builder.build(faults);
  }

  /** Pictures beside annotations that have none of their own. */
  private static void reportUnused(
      Path images,
      Map<String, String> pictures,
      List<VocAnnotationReader.Annotation> annotations,
      Faults faults) {
    Set<String> names =
        annotations.stream().map(VocAnnotationReader.Annotation::name).collect(Collectors.toSet());
    boolean beside = annotations.stream().anyMatch(a -> a.file().getParent().equals(images));
    pictures.forEach(
        (name, file) -> {
          if (beside && !names.contains(name)) {
            faults.found(FindingKind.NO_LABELS, images.resolve(file).toString());
          }
        });
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
    DatasetLayout.writeNames(folder.resolve(CLASS_FILE), classNames);
  }
}
