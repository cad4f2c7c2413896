package io.github.yolox4j.data;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.NewFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The layouts that data sets are written in. */
public enum DatasetFormat {
  /** {@code annotations/instances_SPLIT.json} and {@code images/SPLIT}. Holds everything. */
  COCO {
    @Override
    Path images(Path folder, String split) {
      return folder.resolve("images").resolve(split);
    }

    @Override
    void writeImage(Path folder, String split, GroundTruth truth, int image) {
      // all images of a split are in one file
    }

    @Override
    void writeSplit(Path folder, String split, GroundTruth truth) {
      CocoGroundTruthWriter.write(
          NewFolder.made(folder.resolve("annotations"))
              .resolve("instances_%s.json".formatted(split)),
          truth);
    }

    @Override
    void writeDataset(Path folder, List<String> splits, List<String> classNames) {
      // each split says everything
    }
  },

  /**
   * {@code Annotations}, {@code ImageSets/Main}, {@code JPEGImages} and the classes in {@code
   * classes.txt}. Crowds become difficult objects; areas are those of the boxes.
   */
  VOC {
    @Override
    Path images(Path folder, String split) {
      return folder.resolve(VocDataset.IMAGE_FOLDER);
    }

    @Override
    void writeImage(Path folder, String split, GroundTruth truth, int image) {
      VocAnnotationWriter.write(
          NewFolder.made(folder.resolve(VocDataset.ANNOTATION_FOLDER)), truth, image);
    }

    @Override
    void writeSplit(Path folder, String split, GroundTruth truth) {
      List<String> names = truth.images().stream().map(image -> stem(image.fileName())).toList();
      writeLines(
          NewFolder.made(folder.resolve("ImageSets").resolve("Main")).resolve(split + ".txt"),
          names);
    }

    @Override
    void writeDataset(Path folder, List<String> splits, List<String> classNames) {
      for (String name : classNames) {
        if (!name.equals(name.strip()) || name.isEmpty() || name.lines().count() != 1) {
          throw new YoloxException(
              "The class \"%s\" cannot be written as a line of %s"
                  .formatted(name.replaceAll("\\p{C}", "?"), VocDataset.CLASS_FILE));
        }
      }
      writeLines(folder.resolve(VocDataset.CLASS_FILE), classNames);
    }
  },

  /**
   * {@code data.yaml}, {@code images/SPLIT} and {@code labels/SPLIT}. Crowds and ignored objects
   * are left out; areas are those of the boxes.
   */
  YOLO {
    @Override
    Path images(Path folder, String split) {
      return folder.resolve("images").resolve(split);
    }

    @Override
    void writeImage(Path folder, String split, GroundTruth truth, int image) {
      GroundTruth.Image of = truth.images().get(image);
      List<String> lines =
          IntStream.range(truth.firstAnnotation(image), truth.firstAnnotation(image + 1))
              .filter(i -> !truth.ignored(i))
              .mapToObj(
                  i ->
                      "%d %s %s %s %s"
                          .formatted(
                              truth.category(i),
                              (truth.x(i) + truth.width(i) / 2) / of.width(),
                              (truth.y(i) + truth.height(i) / 2) / of.height(),
                              truth.width(i) / of.width(),
                              truth.height(i) / of.height()))
              .toList();
      Path labels = NewFolder.made(folder.resolve("labels").resolve(split));
      writeLines(labels.resolve(stem(of.fileName()) + ".txt"), lines);
    }

    @Override
    void writeSplit(Path folder, String split, GroundTruth truth) {
      // the folders tell the splits
    }

    @Override
    void writeDataset(Path folder, List<String> splits, List<String> classNames) {
      Map<String, Object> description = new LinkedHashMap<>();
      splits.forEach(split -> description.put(split, "images/" + split));
      description.put("names", classNames);
      AtomicFile.write(
          folder.resolve(YoloLayout.DESCRIPTION),
          out -> out.write(new YAMLMapper().writeValueAsBytes(description)));
    }

    @Override
    Optional<String> loss(int ignored) {
      return ignored == 0
          ? Optional.empty()
          : Optional.of("%d crowds and ignored objects are left out".formatted(ignored));
    }
  };

  /** Where the pictures of a split go. */
  abstract Path images(Path folder, String split);

  /** Writes what stands in a file per image. */
  abstract void writeImage(Path folder, String split, GroundTruth truth, int image);

  /** Writes what stands in a file per split. */
  abstract void writeSplit(Path folder, String split, GroundTruth truth);

  /** Writes what stands in one file. */
  abstract void writeDataset(Path folder, List<String> splits, List<String> classNames);

  /** Says what of some ignored objects is lost. */
  Optional<String> loss(int ignored) {
    return Optional.empty();
  }

  static String stem(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? fileName : fileName.substring(0, dot);
  }

  private static void writeLines(Path file, List<String> lines) {
    AtomicFile.write(file, out -> writeLines(out, lines));
  }

  private static void writeLines(OutputStream out, List<String> lines) throws IOException {
    for (String line : lines) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
