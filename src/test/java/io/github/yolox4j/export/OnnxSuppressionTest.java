package io.github.yolox4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.yolox4j.Shared;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.weights.FoldedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Suppression in the graph finds what the detector finds. */
class OnnxSuppressionTest {

  @TempDir private Path folder;

  private ExportedDetector export(FoldedNetwork network, Output output, Shapes shapes)
      throws OrtException {
    Path file = folder.resolve("model.onnx");
    ModelSpec spec = network.spec();
    OnnxWriter.write(
        file,
        network,
        ExportedModels.names(spec),
        ExportOptions.DEFAULTS.withOutput(output).withShapes(shapes).withPicture(true));
    return new ExportedDetector(file, spec.inputHeight(), spec.inputWidth(), spec.classes());
  }

  private static DetectorOptions options(double confidence, double iou) {
    return DetectorOptions.DEFAULTS.withConfidence(confidence).withNms(iou).withClipping(false);
  }

  private static List<Path> pictures(Path images, int count) throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      return files.sorted().limit(count).toList();
    }
  }

  /** Compares picture by picture, and then all in one batch where the model takes that. */
  private static void assertSame(
      Detector detector, ExportedDetector exported, List<Path> files, Shapes shapes)
      throws OrtException {
    List<Picture> pictures = files.stream().map(Picture::read).toList();
    List<List<Detection>> expected = new ArrayList<>();
    int objects = 0;
    for (Picture picture : pictures) {
      expected.add(detector.detect(picture));
      ExportedModels.assertSame(expected.getLast(), exported.detect(List.of(picture)).getFirst());
      objects += expected.getLast().size();
    }
    assertTrue(objects > 0);
    if (shapes != Shapes.FIXED) {
      List<List<Detection>> found = exported.detect(pictures);
      for (int i = 0; i < pictures.size(); i++) {
        ExportedModels.assertSame(expected.get(i), found.get(i));
      }
    }
    pictures.forEach(Picture::close);
  }

  @ParameterizedTest
  @CsvSource({"0.3, 0.45, FIXED", "0.02, 0.3, ANY", "0.1, 0.65, ANY_BATCH"})
  void trainedWeightsFindTheSameObjects(double confidence, double iou, Shapes shapes)
      throws OrtException, IOException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    Output output = new Output.Detections((float) confidence, (float) iou, 1000);
    try (Detector detector = Detector.of(network, options(confidence, iou));
        ExportedDetector exported = export(network, output, shapes)) {
      List<Path> files = new ArrayList<>(pictures(Shared.data("coco-val128/images"), 8));
      files.add(Shared.data("images/dog.jpg"));
      assertSame(detector, exported, files, shapes);
    }
  }

  @Test
  void demoWeightsFindTheSameShapes() throws OrtException, IOException {
    new SyntheticData(1, 6, 224, 224, 7).write(folder.resolve("shapes"), _ -> {});
    FoldedNetwork network = ExportedModels.read(ExportedModels.DEMO);
    DetectorOptions defaults = DetectorOptions.DEFAULTS.withClipping(false);
    try (Detector detector = Detector.of(network, defaults);
        ExportedDetector exported = export(network, Output.DETECTIONS, Shapes.ANY)) {
      Dataset unseen = Dataset.open(folder.resolve("shapes"), "val");
      assertSame(detector, exported, pictures(unseen.images(), 6), Shapes.ANY);
    }
  }

  @Test
  void theMaximumKeepsTheBest() throws OrtException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    Output output = new Output.Detections(0.001f, 0.65f, 10);
    try (Detector detector = Detector.of(network, options(0.001, 0.65));
        ExportedDetector exported = export(network, output, Shapes.FIXED);
        Picture dog = Picture.read(Shared.data("images/dog.jpg"))) {
      List<Detection> all = detector.detect(dog);
      assertTrue(all.size() > 10);
      ExportedModels.assertSame(all.subList(0, 10), exported.detect(List.of(dog)).getFirst());
    }
  }

  @Test
  void moreDetectionsThanAnchorPointsMayBeAskedFor() throws OrtException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.DEMO);
    ModelSpec spec = network.spec();
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(
        file,
        network,
        ExportedModels.names(spec),
        ExportOptions.DEFAULTS.withOutput(new Output.Detections(0, 1, 50)).withShapes(Shapes.ANY));
    try (OrtModel model = new OrtModel(file)) {
      var results = model.run(new byte[2 * 32 * 32 * 3], 2, 32, 32);
      int points = 16 + 4 + 1;
      assertArrayEquals(new long[] {points, points}, results.get("counts").integers());
      assertArrayEquals(new long[] {2, 50, 4}, results.get("boxes").shape());
      assertEquals(0, results.get("scores").floats()[points], "zeros follow");
      assertEquals(0, results.get("boxes").floats()[4 * points]);
    }
  }

  @Test
  void nanoHasTheReferencesAccuracyInOnnxRuntime() throws OrtException {
    Dataset data = Dataset.open(Shared.data("coco-val128"), "val");
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    Output output = new Output.Detections(0.001f, 0.65f, 3000);
    Detections detections = new Detections(data.truth());
    try (ExportedDetector exported = export(network, output, Shapes.FIXED)) {
      for (int i = 0; i < data.truth().images().size(); i++) {
        try (Picture picture = Picture.read(data.truth().images().get(i).in(data.images()))) {
          for (Detection d : exported.detect(List.of(picture)).getFirst()) {
            BoundingBox box = new BoundingBox(d.x1(), d.y1(), d.x2() - d.x1(), d.y2() - d.y1());
            detections.add(i, d.classId(), box, d.score());
          }
        }
      }
    }
    assertEquals(0.3379, CocoEvaluator.evaluate(detections).metrics().toArray()[0], 5e-4, "AP");
  }
}
