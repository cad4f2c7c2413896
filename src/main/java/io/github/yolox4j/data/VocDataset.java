package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.ContainedPath;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads data sets in VOC layout: the images' names in {@code ImageSets/Main/SPLIT.txt}, their
 * objects in {@code Annotations/NAME.xml}, their pictures in {@code JPEGImages}. Coordinates become
 * 0-based by subtracting 1; a box's width is its right edge minus its left one. Difficult objects
 * are {@linkplain GroundTruth#ignored ignored}.
 */
public final class VocDataset {

  /** Where the pictures are in a data set's folder. */
  public static final String IMAGE_FOLDER = "JPEGImages";

  private VocDataset() {}

  /**
   * Reads a split whose categories are the names of its objects, sorted.
   *
   * @param folder the data set
   * @param split such as "val"
   * @return its ground truth; category ids are 0, 1, ... and image ids the images' names
   * @throws YoloxException if a file is missing or damaged
   */
  public static GroundTruth read(Path folder, String split) {
    List<VocAnnotation> annotations = annotations(folder, split);
    TreeSet<String> names = new TreeSet<>();
    for (VocAnnotation annotation : annotations) {
      annotation.objects().forEach(object -> names.add(object.name()));
    }
    return groundTruth(splitFile(folder, split), annotations, List.copyOf(names));
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
    return groundTruth(splitFile(folder, split), annotations(folder, split), classNames);
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
                    name, ContainedPath.resolve(folder.resolve("Annotations"), name + ".xml")))
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

  private static GroundTruth groundTruth(
      Path source, List<VocAnnotation> annotations, List<String> classNames) {
    GroundTruthBuilder builder = new GroundTruthBuilder(source.toString());
    for (int k = 0; k < classNames.size(); k++) {
      builder.addCategory(new GroundTruth.Category(k, classNames.get(k)));
    }
    for (VocAnnotation annotation : annotations) {
      ImageId id = new ImageId.OfText(annotation.name());
      builder.addImage(
          new GroundTruth.Image(
              id, annotation.name() + ".jpg", annotation.width(), annotation.height()));
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
