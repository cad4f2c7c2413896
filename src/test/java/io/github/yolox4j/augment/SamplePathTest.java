package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference's whole way of a sample, draw by draw and stage by stage. */
class SamplePathTest {

  private static final int HEIGHT = 96;
  private static final int WIDTH = 128;
  private static final Letterbox INPUT = new Letterbox(HEIGHT, WIDTH);
  private static final int IMAGES = 6;
  private static final int CLASSES = 4;
  private static final int MAX_LABELS = 30;
  private static final double BOX_TOLERANCE = 1e-4;

  @TempDir private Path folder;
  private Weights figures;
  private JsonNode facts;
  private Dataset dataset;

  @BeforeEach
  void open() throws IOException {
    figures = Weights.read(Shared.golden("sample_path.safetensors"));
    facts = new ObjectMapper().readTree(Shared.golden("sample_path.json").toFile());
    GroundTruthBuilder builder = new GroundTruthBuilder("sample_path");
    for (int k = 0; k < CLASSES; k++) {
      builder.addCategory(new GroundTruth.Category(k, "class " + k));
    }
    for (int i = 0; i < IMAGES; i++) {
      WeightArray pixels = figures.arrays().get("image" + i);
      int height = (int) pixels.shape()[0];
      int width = (int) pixels.shape()[1];
      String file = "image%d.png".formatted(i);
      try (Picture picture = Picture.ofBgr(pixels.data(), width, height, 3L * width)) {
        opencv_imgcodecs.imwrite(folder.resolve(file).toString(), picture.mat());
      }
      ImageId id = new ImageId.OfNumber(i);
      builder.addImage(new GroundTruth.Image(id, file, width, height));
      for (JsonNode box : facts.get("boxes").get(i)) {
        double x = box.get(0).asDouble();
        double y = box.get(1).asDouble();
        builder.add(
            id,
            box.get(4).asInt(),
            new BoundingBox(x, y, box.get(2).asDouble() - x, box.get(3).asDouble() - y));
      }
    }
    dataset = new Dataset(builder.build(), folder);
  }

  @AfterEach
  void close() {
    if (figures != null) {
      figures.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void everyStageIsTheReferences(int number) {
    String name = "case" + number;
    JsonNode recorded = facts.get(name);
    boolean mosaic = recorded.get("mosaic").asBoolean();
    TrainingSamples samples =
        new TrainingSamples(dataset, settings(recorded), INPUT, 0, ImageCache.none());
    RecordedDraws draws = new RecordedDraws(recorded.get("draws"));
    SampleDraw draw = samples.draw(draws, recorded.get("index").asInt(), mosaic);
    draws.assertAllTaken();
    if (mosaic) {
      assertCanvas(name, draw, samples);
      assertStage(name, "affine", onlyMosaic(draw), samples);
    }
    if (draw.mixup().isPresent()) {
      assertStage(name, "mixup", withoutColours(draw), samples);
    }
    assertSample(name, draw, samples);
  }

  /** Mosaic and mixup happen always or never in the recorded cases. */
  private static Augmentation settings(JsonNode recorded) {
    JsonNode scale = recorded.get("mosaic_scale");
    RandomAffine usual = RandomAffine.DEFAULT;
    return new Augmentation(
        1,
        recorded.get("mixup").asBoolean() ? 1 : 0,
        RandomHsv.DEFAULT,
        RandomFlip.DEFAULT,
        scale.isNull()
            ? usual
            : new RandomAffine(
                usual.degrees(),
                usual.translate(),
                scale.get(0).asDouble(),
                scale.get(1).asDouble(),
                usual.shear()),
        0.5,
        1.5,
        MAX_LABELS,
        EdgeBoxes.CUT);
  }

  private static SampleDraw onlyMosaic(SampleDraw draw) {
    return new SampleDraw(draw.image(), draw.mosaic(), Optional.empty(), List.of());
  }

  private static SampleDraw withoutColours(SampleDraw draw) {
    return new SampleDraw(draw.image(), draw.mosaic(), draw.mixup(), List.of());
  }

  private void assertCanvas(String name, SampleDraw draw, TrainingSamples samples) {
    Mosaic mosaic = Mosaic.of(draw.mosaic().orElseThrow(), samples);
    assertBoxes(name + ".canvas_boxes", mosaic.boxes());
    try (Canvas canvas = new Canvas(INPUT)) {
      canvas.paint(mosaic, samples, canvas.all());
      assertArrayEquals(bytes(name + ".canvas"), bytes(canvas.mat()), name + ".canvas");
    }
  }

  private void assertStage(String name, String stage, SampleDraw draw, TrainingSamples samples) {
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      MemorySegment pixels = arena.allocate(HEIGHT * WIDTH * 3);
      maker.make(draw, pixels);
      assertArrayEquals(
          bytes(name + "." + stage), pixels.toArray(ValueLayout.JAVA_BYTE), name + "." + stage);
      assertBoxes(name + "." + stage + "_boxes", Blend.of(draw, samples).boxes(INPUT));
    }
  }

  private void assertSample(String name, SampleDraw draw, TrainingSamples samples) {
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      MemorySegment pixels = arena.allocate(HEIGHT * WIDTH * 3);
      Labels labels = maker.make(draw, pixels);
      float[] expected = figures.arrays().get(name + ".labels").toFloats();
      int rows = 0;
      while (rows < MAX_LABELS && expected[5 * rows + 3] > 0) {
        rows++;
      }
      assertArrayEquals(
          Arrays.copyOf(expected, 5 * rows), LabelRows.of(labels), (float) BOX_TOLERANCE);
      byte[] planes = bytes(name + ".sample");
      int plane = HEIGHT * WIDTH;
      for (int i = 0; i < planes.length; i++) {
        int found = pixels.get(ValueLayout.JAVA_BYTE, i % plane * 3L + i / plane) & 0xFF;
        int difference = Math.abs(found - (planes[i] & 0xFF));
        // OpenCV rounds HSV otherwise where a row's end fills no vector
        assertTrue(difference <= 1, name + " element " + i);
      }
    }
  }

  private void assertBoxes(String name, List<Box> found) {
    double[] expected = figures.arrays().get(name).toDoubles();
    List<Double> numbers = new ArrayList<>();
    for (Box box : found) {
      numbers.addAll(List.of(box.x1(), box.y1(), box.x2(), box.y2(), (double) box.category()));
    }
    assertArrayEquals(
        expected, numbers.stream().mapToDouble(n -> n).toArray(), BOX_TOLERANCE, name);
  }

  private byte[] bytes(String name) {
    return figures.arrays().get(name).data().toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] bytes(Mat mat) {
    byte[] bytes = new byte[Math.toIntExact(mat.total() * mat.elemSize())];
    assertEquals(opencv_core.CV_8UC3, mat.type());
    mat.data().get(bytes);
    return bytes;
  }
}
