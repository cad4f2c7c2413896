package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.Sha256;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks for what would spoil a training run. Every image is decoded, on all processors. */
public final class DatasetCheck {

  /** Is told how far a check is. */
  @FunctionalInterface
  public interface Progress {

    /**
     * Tells how much is done; called by one thread at a time.
     *
     * @param images images of the split that are done
     * @param all images of the split
     */
    void update(int images, int all);
  }

  private static final String TRAINING = Dataset.SPLITS.getFirst();

  /** Boxes rounded to whole pixels may reach out so far. */
  private static final double MARGIN = 1;

  /** An image's file: its sides, content and whether it is ended, or what is wrong with it. */
  private record Examined(
      int width, int height, String content, boolean ended, FindingKind wrong, String why) {

    static Examined wrong(FindingKind kind, String why) {
      return new Examined(0, 0, "", false, kind, why);
    }
  }

  /** Where an image's content was seen first. */
  private record Seen(String split, Path file) {}

  /** What two equal objects have in common. */
  private record Marking(int image, int category, BoundingBox box) {}

  private final Progress progress;
  private final Map<FindingKind, List<String>> findings = new EnumMap<>(FindingKind.class);
  private final List<SplitStatistics> statistics = new ArrayList<>();
  private final Map<String, Seen> seen = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private List<String> classNames;

  private DatasetCheck(Progress progress) {
    this.progress = progress;
  }

  /**
   * Checks a data set.
   *
   * @param data the folder or file, as in {@link Dataset#open}
   * @param splits the parts to check
   * @param progress is told how far it is
   * @return what was found; what an unreadable file hides is not
   */
  public static DatasetFindings check(Path data, List<String> splits, Progress progress) {
    DatasetCheck check = new DatasetCheck(progress);
    for (String split : splits) {
      try {
        check.check(split, Dataset.open(data, split, check.faults()));
      } catch (YoloxException e) {
        check.found(FindingKind.UNREADABLE_SPLIT, e.getMessage());
      }
    }
    return new DatasetFindings(check.findings, check.statistics);
  }

  private Faults faults() {
    return new Faults() {
      @Override
      public void found(FindingKind kind, String what) {
        if (told.add(what)) { // what several splits share is read with each of them
          DatasetCheck.this.found(kind, what);
        }
      }

      @Override
      public boolean thorough() {
        return true;
      }
    };
  }

  private void found(FindingKind kind, String what) {
    findings.computeIfAbsent(kind, _ -> new ArrayList<>()).add(what);
  }

  private void check(String split, Dataset set) {
    GroundTruth truth = set.truth();
    compareClasses(split, set.classNames());
    checkClasses(split, truth);
    List<Examined> examined = examine(set);
    for (int image = 0; image < examined.size(); image++) {
      report(split, set, image, examined.get(image));
    }
    checkObjects(split, truth, examined);
    List<Examined> readable = examined.stream().filter(e -> e.wrong == null).toList();
    SplitStatistics counted =
        SplitStatistics.of(
            split,
            truth,
            readable.stream().mapToInt(Examined::width).toArray(),
            readable.stream().mapToInt(Examined::height).toArray());
    statistics.add(counted);
    counted
        .byClass()
        .forEach(
            (name, objects) -> {
              if (objects == 0) {
                found(FindingKind.UNUSED_CLASS, "%s in %s".formatted(name, split));
              }
            });
  }

  private void compareClasses(String split, List<String> names) {
    if (classNames == null) {
      classNames = names;
    } else if (!classNames.equals(names)) {
      found(
          FindingKind.DIFFERENT_CLASSES,
          "%s: %s; expected %s"
              .formatted(split, String.join(", ", names), String.join(", ", classNames)));
    }
  }

  private void checkClasses(String split, GroundTruth truth) {
    Set<String> names = new HashSet<>();
    for (GroundTruth.Category category : truth.categories()) {
      if (!names.add(category.name())) {
        found(FindingKind.REPEATED_CLASS, "%s (%s)".formatted(category.name(), split));
      }
    }
    if (split.equals(TRAINING) && !truth.learnable()) {
      found(
          FindingKind.NOTHING_TO_LEARN,
          "%s has %s".formatted(truth.source(), truth.size() == 0 ? "no objects" : "only crowds"));
    }
  }

  private List<Examined> examine(Dataset set) {
    int all = set.truth().images().size();
    AtomicInteger done = new AtomicInteger();
    return set.truth().images().parallelStream()
        .map(
            image -> {
              Examined examined = examine(image, set.images());
              synchronized (done) {
                progress.update(done.incrementAndGet(), all);
              }
              return examined;
            })
        .toList();
  }

  private static Examined examine(GroundTruth.Image image, Path folder) {
    try {
      Path file = image.in(folder);
      if (!Files.exists(file)) {
        return Examined.wrong(FindingKind.MISSING_IMAGE, file.toString());
      }
      byte[] bytes = Files.readAllBytes(file);
      try (Picture picture = Picture.decode(bytes, file.toString())) {
        return new Examined(
            picture.width(),
            picture.height(),
            Sha256.of(bytes),
            !Picture.lacksEndMarker(bytes),
            null,
            "");
      }
    } catch (YoloxException e) {
      return Examined.wrong(FindingKind.UNREADABLE_IMAGE, e.getMessage());
    } catch (IOException e) {
      return Examined.wrong(
          FindingKind.UNREADABLE_IMAGE,
          "%s cannot be read: %s".formatted(image.fileName(), FileFailure.reason(e)));
    }
  }

  private void report(String split, Dataset set, int index, Examined examined) {
    GroundTruth truth = set.truth();
    GroundTruth.Image image = truth.images().get(index);
    if (truth.firstAnnotation(index) == truth.firstAnnotation(index + 1)) {
      found(FindingKind.NO_OBJECTS, named(split, image));
    }
    if (examined.wrong != null) {
      found(examined.wrong, examined.why);
      return;
    }
    if (!examined.ended) {
      found(FindingKind.NO_END_MARKER, named(split, image));
    }
    boolean told = image.width() > 0 && image.height() > 0;
    if (told && (image.width() != examined.width || image.height() != examined.height)) {
      found(
          FindingKind.DIFFERENT_SIZE,
          "%s is %dx%d; the annotations say %dx%d"
              .formatted(
                  named(split, image),
                  examined.width,
                  examined.height,
                  image.width(),
                  image.height()));
    }
    Path file = image.in(set.images());
    Seen first = seen.putIfAbsent(examined.content, new Seen(split, file));
    if (first != null) {
      found(
          first.split.equals(split) ? FindingKind.REPEATED_IMAGE : FindingKind.LEAKED_IMAGE,
          "%s of %s and %s of %s".formatted(first.file, first.split, file, split));
    }
  }

  private void checkObjects(String split, GroundTruth truth, List<Examined> examined) {
    Set<Marking> markings = new HashSet<>();
    for (int i = 0; i < truth.size(); i++) {
      GroundTruth.Image image = truth.images().get(truth.image(i));
      Examined file = examined.get(truth.image(i));
      int width = file.wrong == null ? file.width : image.width();
      int height = file.wrong == null ? file.height : image.height();
      BoundingBox box = truth.box(i);
      String what =
          "%s: %s at %s %s, %s wide, %s high"
              .formatted(
                  named(split, image),
                  truth.categories().get(truth.category(i)).name(),
                  box.x(),
                  box.y(),
                  box.width(),
                  box.height());
      if (box.width() <= 0 || box.height() <= 0) {
        found(FindingKind.EMPTY_BOX, what);
      }
      boolean outside =
          box.x() < -MARGIN
              || box.y() < -MARGIN
              || box.right() > width + MARGIN
              || box.bottom() > height + MARGIN;
      if (width > 0 && height > 0 && outside) {
        found(FindingKind.BOX_OUTSIDE, what);
      }
      if (!markings.add(new Marking(truth.image(i), truth.category(i), box))) {
        found(FindingKind.REPEATED_OBJECT, what);
      }
    }
  }

  private static String named(String split, GroundTruth.Image image) {
    return "%s (%s)".formatted(image.fileName(), split);
  }
}
