package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.FileFailure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads data sets in VOC layout: the images' names in {@code ImageSets/Main/SPLIT.txt}, their
 * objects in {@code Annotations/NAME.xml}, their pictures in {@code JPEGImages}. Coordinates become
 * 0-based by subtracting 1; a box's width is its right edge minus its left one. Difficult objects
 * are {@linkplain GroundTruth#ignored ignored}.
 */
public final class VocDataset {

  /** Where the pictures are in a data set's folder. */
  public static final String IMAGE_FOLDER = "JPEGImages";

  /** Where the annotations are in a data set's folder. */
  static final String ANNOTATION_FOLDER = "Annotations";

  /** The classes in their order, where somebody wrote them down. */
  static final String CLASS_FILE = "classes.txt";

  private VocDataset() {}

  /**
   * Reads a split. The categories are those of the file {@code classes.txt}, a name per line, and
   * without it the names of the objects of all splits, sorted.
   *
   * @param folder the data set
   * @param split such as "val"
   * @return its ground truth; category ids are 0, 1, ... and image ids the images' names
   * @throws YoloxException if a file is missing or damaged
   */
  public static GroundTruth read(Path folder, String split) {
    List<VocAnnotation> annotations = annotations(folder, split);
    return groundTruth(folder, split, annotations, classNames(folder, annotations));
  }

  /**
   * Reads a split whose categories are known.
   *
   * @param folder the data set
   * @param split such as "val"
   * @param classNames the names of the categories, in the order of their ids 0, 1, ...
   * @return its ground truth; image ids are the images' names
   * @throws YoloxException if a file is missing or damaged, or an object is of another category
   */
  public static GroundTruth read(Path folder, String split, List<String> classNames) {
    return groundTruth(folder, split, annotations(folder, split), classNames);
  }

  /** A split that lacks a class must number the others as the rest of the data set does. */
  private static List<String> classNames(Path folder, List<VocAnnotation> read) {
    Path list = folder.resolve(CLASS_FILE);
    if (Files.isRegularFile(list)) {
      return names(list);
    }
    Set<Path> known = read.stream().map(VocAnnotation::file).collect(Collectors.toSet());
    Path place = folder.resolve(ANNOTATION_FOLDER);
    try (Stream<Path> files = Files.walk(place)) {
      List<Path> others =
          files
              .filter(file -> file.toString().endsWith(".xml") && !known.contains(file))
              .sorted()
              .toList();
      return Stream.concat(
              read.parallelStream(),
              others.parallelStream().map(file -> VocAnnotationReader.read("", file)))
          .flatMap(annotation -> annotation.objects().stream())
          .map(VocAnnotation.Labelled::name)
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be read: %s".formatted(place, FileFailure.reason(e)), e);
    }
  }

  private static Path splitFile(Path folder, String split) {
    return folder.resolve("ImageSets").resolve("Main").resolve(split + ".txt");
  }

  private static List<VocAnnotation> annotations(Path folder, String split) {
    List<String> names = names(splitFile(folder, split));
    return names.stream()
        .parallel()
        .map(
            name ->
                VocAnnotationReader.read(
                    name, ContainedPath.resolve(folder.resolve(ANNOTATION_FOLDER), name + ".xml")))
        .toList();
  }

  private static List<String> names(Path file) {
    List<String> names = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          names.add(line.strip());
        }
      }
    } catch (NoSuchFileException e) {
      throw new YoloxException(
          "There is no file %s; expected one image name per line".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new YoloxException("%s is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    return names;
  }

  /** The names of the picture files by the names of the images. */
  private static Map<String, String> pictures(Path folder) {
    Map<String, String> files = new HashMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> pictures = Files.walk(folder)) {
        pictures
            .filter(Files::isRegularFile)
            .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
            .sorted(Comparator.reverseOrder())
            .forEach(name -> files.put(name.replaceFirst("\\.[^./]*$", ""), name));
      } catch (IOException e) {
        throw new YoloxException(
            "Folder %s cannot be read: %s".formatted(folder, FileFailure.reason(e)), e);
      }
    }
    return files;
  }

  private static GroundTruth groundTruth(
      Path folder, String split, List<VocAnnotation> annotations, List<String> classNames) {
    Map<String, String> pictures = pictures(folder.resolve(IMAGE_FOLDER));
    GroundTruthBuilder builder = new GroundTruthBuilder(splitFile(folder, split).toString());
    for (int k = 0; k < classNames.size(); k++) {
      builder.addCategory(new GroundTruth.Category(k, classNames.get(k)));
    }
    for (VocAnnotation annotation : annotations) {
      ImageId id = new ImageId.OfText(annotation.name());
      builder.addImage(
          new GroundTruth.Image(
              id,
              pictures.getOrDefault(annotation.name(), annotation.name() + ".jpg"),
              annotation.width(),
              annotation.height()));
      for (VocAnnotation.Labelled object : annotation.objects()) {
        int category = classNames.indexOf(object.name());
        if (category < 0) {
          throw new YoloxException(
              "%s has an object called \"%s\"; expected one of %s"
                  .formatted(annotation.file(), object.name(), String.join(", ", classNames)));
        }
        builder.addObject(
            id,
            category,
            object.xmin() - 1,
            object.ymin() - 1,
            object.xmax() - object.xmin(),
            object.ymax() - object.ymin(),
            object.difficult());
      }
    }
    return builder.build();
  }
}
