package io.github.yolox4j.data;

import static io.github.yolox4j.data.OddDatasets.assertFirst;
import static io.github.yolox4j.data.OddDatasets.check;
import static io.github.yolox4j.data.OddDatasets.found;
import static io.github.yolox4j.data.OddDatasets.odd;
import static io.github.yolox4j.data.OddDatasets.train;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.ClassNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets as people have them, each after a public report. */
class OddDatasetsTest {

  @TempDir Path folder;

  /** Every folder that can be trained on, with two images in its split. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "yolo-polygon",
        "yolo-names-order",
        "yolo-names-gap",
        "yolo-bom",
        "bom-voc",
        "yolo-path-up",
        "roboflow-updir",
        "coco-roboflow",
        "coco-ls",
        "coco-ls-win",
        "mac-yolo",
        "mac-voc",
        "yolo-float-class",
        "yolo-mixedext",
        "coco-dupname",
        "cvat-yolo11"
      })
  void whatCanBeTrainedOnIsReadAndChecked(String name) {
    Dataset set = train(name);
    assertEquals(2, set.truth().images().size());
    assertEquals(name.endsWith("voc") ? 2 : 4, set.truth().size());
    assertFirst(set);
    set.truth().images().forEach(image -> assertTrue(Files.exists(image.in(set.images()))));
    DatasetFindings findings = check(odd(name));
    assertFalse(findings.fatal(), findings.findings().toString());
    assertEquals(List.of(), found(findings, FindingKind.BOX_OUTSIDE));
  }

  @Test
  void byteOrderMarksAreSkippedAndUtf16IsRefusedByName() throws IOException {
    assertEquals("a", ClassNames.read(odd("classes_bom.txt")).getFirst());
    Path wide = folder.resolve("wide.txt");
    Files.write(wide, "a\nb\n".getBytes(StandardCharsets.UTF_16));
    assertEquals(
        "Class file %s is UTF-16 text; save it as UTF-8".formatted(wide),
        assertThrows(YoloxException.class, () -> ClassNames.read(wide)).getMessage());
  }

  @Test
  void aLayoutsOwnNameCountsMoreThanFilesOfAnother() throws IOException {
    Path data = OddDatasets.yolo(folder, "names: [a]", "0 .5 .5 .1 .1");
    Files.createDirectories(folder.resolve("train"));
    Files.writeString(folder.resolve("train/a.xml"), "<annotation/>");
    assertEquals(1, Dataset.open(data, "train").truth().size());
  }

  @Test
  void anUnknownLayoutSaysWhatWasFoundAndLookedFor() throws IOException {
    Path cvat = odd("cvat-yolo11");
    for (String name : List.of("obj.names", "train.txt", "obj_train_data")) {
      Files.copy(cvat.resolve(name), folder.resolve(name));
    }
    String message = assertThrows(YoloxException.class, () -> Dataset.splits(folder)).getMessage();
    assertEquals(
        "Data set %s is in no known layout: it has obj.names, obj_train_data, train.txt; expected"
                .formatted(folder)
            + " Annotations/*.xml, SPLIT/*.xml, *.xml or data.yaml or obj.data or"
            + " annotations/*.json, SPLIT/*.json",
        message);
  }
}
