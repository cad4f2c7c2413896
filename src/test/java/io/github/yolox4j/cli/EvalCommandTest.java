package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.SyntheticData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvalCommandTest {

  private static final List<String> NAMES =
      List.of(
          "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");

  /** The reference's own evaluation of these weights on these images, at confidence 0.001. */
  private static final double[] REFERENCE = {
    0.3379, 0.4983, 0.3665, 0.1363, 0.3410, 0.5413, 0.2808, 0.4540, 0.4798, 0.1871, 0.4714, 0.7036
  };

  private static final String DESCRIPTION =
      """
      val: images/val
      names: [bicycle, dog]
      """;

  private static final String COCO_FILE =
      """
      format: coco
      val: {images: coco/images/val, annotations: coco/annotations/val.json}
      """;

  private static final String VOC_FILE =
      """
      format: voc
      val: {folder: voc}
      """;

  @TempDir Path folder;

  private static JsonNode numbers(CommandLineRun run) throws IOException {
    assertEquals(Main.DONE, run.code(), run.err());
    return new ObjectMapper().readTree(run.out());
  }

  private static double[] twelve(JsonNode numbers) {
    return NAMES.stream().mapToDouble(name -> numbers.get(name).asDouble()).toArray();
  }

  @ParameterizedTest
  @CsvSource({"yolox_nano_coco.pth", "yolox_nano_coco_bnfolded.onnx"})
  void nanoHasTheReferencesAccuracy(String weights) throws IOException {
    Path data = Shared.data("coco-val128");
    Path saved = folder.resolve("found.json");
    JsonNode numbers =
        numbers(
            CommandLineRun.of(
                "eval",
                "-d",
                data,
                "-w",
                Shared.data("weights/" + weights),
                "--conf",
                "0.001",
                "--save-detections",
                saved,
                "--json",
                "-"));
    assertEquals("coco", numbers.get("metric").asText());
    assertEquals(128, numbers.get("images").asInt());
    assertArrayEquals(REFERENCE, twelve(numbers), 5e-4, "the figures have four digits");
    assertTrue(numbers.get("per_class").get("person").get("AP50").asDouble() > 0.5);
    assertTrue(numbers.get("ms_per_image").get("inference").asDouble() > 0);

    JsonNode again =
        numbers(
            CommandLineRun.of(
                "eval",
                "--detections",
                saved,
                "--annotations",
                data.resolve("instances.json"),
                "--json",
                "-"));
    assertArrayEquals(twelve(numbers), twelve(again), "saved detections are the same numbers");
  }

  @Test
  void whatIsReadOfADataSetIsNotOverwritten() throws IOException {
    new SyntheticData(1, 3, 96, 96, 5).write(folder, _ -> {});
    List<Path> files = Dataset.open(folder, "val").files().toList();
    assertEquals(1 + 3, files.size());
    for (Path file : files) {
      byte[] before = Files.readAllBytes(file);
      CommandLineRun run =
          CommandLineRun.of(
              "eval",
              "-d",
              folder,
              "-w",
              Path.of("models", "demo.pth"),
              "--force",
              "--save-detections",
              file);
      assertEquals(Main.WRONG_USAGE, run.code(), run.err());
      assertTrue(run.err().contains(file + " is read from"), run.err());
      assertArrayEquals(before, Files.readAllBytes(file));
    }
  }

  @Test
  void theNumberOfThreadsAndTheBatchChangeNothing() throws IOException {
    Path subset = subset(8);
    Path weights = Shared.data("weights/yolox_nano_coco.pth");
    Path images = Shared.data("coco-val128/images");
    double[] one =
        twelve(
            numbers(
                CommandLineRun.of(
                    "eval",
                    "--images",
                    images,
                    "--annotations",
                    subset,
                    "-w",
                    weights,
                    "--threads",
                    "1",
                    "--json",
                    "-")));
    double[] three =
        twelve(
            numbers(
                CommandLineRun.of(
                    "eval",
                    "--images",
                    images,
                    "--annotations",
                    subset,
                    "-w",
                    weights,
                    "--threads",
                    "3",
                    "--json",
                    "-")));
    assertArrayEquals(one, three);
    CommandLineRun table =
        CommandLineRun.of(
            "eval",
            "--images",
            images,
            "--annotations",
            subset,
            "-w",
            weights,
            "--batch",
            "4",
            "--tta",
            "--report",
            folder.resolve("report"));
    assertEquals(Main.DONE, table.code(), table.err());
    assertTrue(table.out().contains("AP50"), table.out());
    for (String name : List.of("report.html", "analysis.json", "per_class.csv")) {
      assertTrue(Files.exists(folder.resolve("report").resolve(name)), name);
    }
  }

  private Path subset(int images) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode all = mapper.readTree(Shared.data("coco-val128/instances.json").toFile());
    var part = mapper.createObjectNode();
    var kept = part.putArray("images");
    for (int i = 0; i < images; i++) {
      kept.add(all.get("images").get(i));
    }
    var annotations = part.putArray("annotations");
    for (JsonNode annotation : all.get("annotations")) {
      for (JsonNode image : kept) {
        if (image.get("id").equals(annotation.get("image_id"))) {
          annotations.add(annotation);
        }
      }
    }
    part.set("categories", all.get("categories"));
    Path file = folder.resolve("subset.json");
    mapper.writeValue(file.toFile(), part);
    return file;
  }

  /** One image, two objects of two classes, in every layout that is read. */
  @ParameterizedTest
  @CsvSource({"coco", "voc", "yolo", "coco.yaml", "voc.yaml"})
  void everyLayoutGivesTheSameObjects(String layout) throws IOException {
    Path picture = Shared.data("images/dog.jpg");
    Path data = folder.resolve(layout.replace(".yaml", ""));
    switch (layout.replace(".yaml", "")) {
      case "coco" -> {
        copy(picture, data.resolve("images/val/dog.jpg"));
        write(
            data.resolve("annotations/val.json"),
            """
            {"images": [{"id": 1, "file_name": "dog.jpg", "width": 768, "height": 576}],
             "annotations": [
              {"id": 1, "image_id": 1, "category_id": 17, "bbox": [132, 206, 193, 337], "area": 65041, "iscrowd": 0},
              {"id": 2, "image_id": 1, "category_id": 3, "bbox": [51, 137, 521, 286], "area": 149006, "iscrowd": 0}],
             "categories": [%s]}
            """
                .formatted(categories()));
      }
      case "voc" -> {
        copy(picture, data.resolve("JPEGImages/dog.jpg"));
        write(data.resolve("ImageSets/Main/val.txt"), "dog\n");
        write(
            data.resolve("Annotations/dog.xml"),
            """
            <annotation><size><width>768</width><height>576</height><depth>3</depth></size>
            <object><name>dog</name><difficult>0</difficult>
             <bndbox><xmin>133</xmin><ymin>207</ymin><xmax>326</xmax><ymax>544</ymax></bndbox></object>
            <object><name>bicycle</name><difficult>0</difficult>
             <bndbox><xmin>52</xmin><ymin>138</ymin><xmax>573</xmax><ymax>424</ymax></bndbox></object>
            </annotation>
            """);
      }
      default -> {
        copy(picture, data.resolve("images/val/dog.jpg"));
        write(
            data.resolve("labels/val/dog.txt"),
            String.format(
                Locale.ROOT,
                "1 %f %f %f %f%n0 %f %f %f %f%n",
                228.5 / 768,
                374.5 / 576,
                193.0 / 768,
                337.0 / 576,
                311.5 / 768,
                280.0 / 576,
                521.0 / 768,
                286.0 / 576));
        write(data.resolve("data.yaml"), DESCRIPTION);
      }
    }
    Path named = data;
    if (layout.endsWith(".yaml")) {
      named = folder.resolve(layout);
      write(named, layout.startsWith("coco") ? COCO_FILE : VOC_FILE);
    }
    var set = Dataset.open(named, "val");
    assertEquals(1, set.truth().images().size());
    assertEquals(2, set.truth().size());
    assertTrue(Files.exists(set.truth().images().getFirst().in(set.images())));
    for (int i = 0; i < 2; i++) {
      String name = set.truth().categories().get(set.truth().category(i)).name();
      boolean dog = name.equals("dog") || name.equals("c17");
      // shares of the picture are written with six digits
      assertEquals(dog ? 132 : 51, set.truth().box(i).x(), 1e-3);
      assertEquals(dog ? 206 : 137, set.truth().box(i).y(), 1e-3);
      assertEquals(dog ? 193 : 521, set.truth().box(i).width(), 1e-3);
      assertEquals(dog ? 337 : 286, set.truth().box(i).height(), 1e-3);
    }
  }

  private static String categories() {
    StringBuilder text = new StringBuilder();
    for (int k = 1; k <= 80; k++) {
      text.append("%s{\"id\": %d, \"name\": \"c%d\"}".formatted(k == 1 ? "" : ",", k, k));
    }
    return text.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-d none | 1 | Data set none does not exist",
        "--images x | 2 | Expected -d DATA",
        "-d x --annotations y | 2 | leave out the other files",
        "--detections x | 2 | Expected -d DATA",
        "--detections none.json --annotations none.json | 1 | none.json",
        "-d x --metric f1 | 2 | f1",
        "-d x --batch 0 | 2 | at least 1",
      })
  void badInputIsOneSentence(String options, int code, String message) {
    CommandLineRun run = CommandLineRun.of((Object[]) ("eval " + options).split(" ", -1));
    assertEquals(code, run.code(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertEquals("", run.out());
  }

  @Test
  void whatCannotBeComparedIsLeftOutWhereTheUserSaysSo() throws IOException {
    String annotation =
        "{\"id\": %d, \"image_id\": %d, \"category_id\": %d, \"bbox\": [1, 2, 30, 40]}";
    String annotations =
        String.join(
            ", ",
            annotation.formatted(1, 1, 1),
            annotation.formatted(1, 1, 1),
            annotation.formatted(2, 9, 1),
            annotation.formatted(3, 1, 9));
    Path truth = folder.resolve("truth.json");
    write(
        truth,
        """
        {"images": [{"id": 1}, {"id": 1}], "annotations": [%s],
         "categories": [{"id": 1, "name": "a"}]}
        """
            .formatted(annotations));
    String detection =
        "{\"image_id\": %d, \"category_id\": %d, \"bbox\": [1, 2, 30, 40], \"score\": 1}";
    Path found = folder.resolve("found.json");
    write(
        found,
        "[%s, %s, %s]"
            .formatted(
                detection.formatted(1, 1), detection.formatted(9, 1), detection.formatted(1, 9)));
    CommandLineRun strict =
        CommandLineRun.of("eval", "--detections", found, "--annotations", truth);
    assertEquals(Main.FAILED, strict.code());
    assertTrue(strict.err().contains("an earlier image has the id 1 too"), strict.err());
    CommandLineRun lenient =
        CommandLineRun.of(
            "eval", "--detections", found, "--annotations", truth, "--lenient", "--json", "-");
    assertEquals(1, numbers(lenient).get("AP").asDouble(), 1e-6);
    assertTrue(lenient.err().startsWith("Entries left out: 6; the first: "), lenient.err());
    assertEquals(1, lenient.err().lines().count(), lenient.err());
  }

  private Path unlabelled() throws IOException {
    Path data = folder.resolve("testdev");
    copy(Shared.data("images/dog.jpg"), data.resolve("images/dog.jpg"));
    write(
        data.resolve("annotations/image_info_test-dev2017.json"),
        "{\"images\": [{\"id\": 1, \"file_name\": \"dog.jpg\"}], \"categories\": [%s]}"
            .formatted(categories()));
    return data;
  }

  @Test
  void imagesWithoutAnnotationsGiveDetections() throws IOException {
    Path saved = folder.resolve("found.json");
    Object[] common = {
      "eval", "-d", unlabelled(), "-w", Shared.data("weights/yolox_nano_coco.pth"),
    };
    CommandLineRun nothing = CommandLineRun.of(common);
    assertEquals(Main.FAILED, nothing.code(), nothing.err());
    assertTrue(nothing.err().contains("has no annotations to compare with"), nothing.err());
    assertEquals(1, nothing.err().lines().count(), nothing.err());
    CommandLineRun run =
        CommandLineRun.of(
            Stream.concat(Arrays.stream(common), Stream.of("--save-detections", saved)).toArray());
    assertEquals(Main.DONE, run.code(), run.err());
    assertTrue(run.err().contains("there is nothing to compare with"), run.err());
    assertFalse(run.out().contains("AP50"), run.out());
    assertTrue(new ObjectMapper().readTree(saved.toFile()).size() > 1);
  }

  @Test
  void modelAndDataSetMustHaveTheSameClasses() {
    CommandLineRun run =
        CommandLineRun.of(
            "eval",
            "-d",
            Shared.data("bccd"),
            "--split",
            "test",
            "-w",
            Shared.data("weights/yolox_nano_coco.pth"));
    assertEquals(Main.FAILED, run.code());
    assertTrue(run.err().contains("has 3 categories; the model has 80 classes"), run.err());
  }
}
