package io.github.yolox4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.yolox4j.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Data sets as people have them, and what is found in them. */
final class OddDatasets {

  private static final BoundingBox FIRST = new BoundingBox(80, 60, 80, 60);

  private OddDatasets() {}

  static Path odd(String name) {
    return Shared.data("odd-datasets/" + name);
  }

  static Dataset train(String name) {
    return Dataset.open(odd(name), "train");
  }

  static DatasetFindings check(Path data) {
    return DatasetCheck.check(data, Dataset.splits(data), (_, _) -> {});
  }

  static List<String> found(DatasetFindings findings, FindingKind kind) {
    return findings.findings().getOrDefault(kind, List.of());
  }

  static void assertFirst(Dataset set) {
    BoundingBox box = set.truth().box(0);
    assertEquals(FIRST.x(), box.x(), 1e-3);
    assertEquals(FIRST.y(), box.y(), 1e-3);
    assertEquals(FIRST.width(), box.width(), 1e-3);
    assertEquals(FIRST.height(), box.height(), 1e-3);
  }

  /** A data set in YOLO layout with a picture for each text of labels. */
  static Path yolo(Path folder, String names, String... labels) throws IOException {
    Path images = Files.createDirectories(folder.resolve("images/train"));
    Files.createDirectories(folder.resolve("labels/train"));
    for (int i = 0; i < labels.length; i++) {
      Files.copy(odd("yolo-bom/images/train/0.jpg"), images.resolve(i + ".jpg"));
      Files.writeString(folder.resolve("labels/train").resolve(i + ".txt"), labels[i]);
    }
    Files.writeString(folder.resolve("data.yaml"), "train: images/train\n" + names + "\n");
    return folder;
  }
}
