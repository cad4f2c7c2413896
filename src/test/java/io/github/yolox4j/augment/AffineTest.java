package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.image.PixelRect;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffineTest {

  private static final double TOLERANCE = 1e-9;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void matrixBoxesAndPixelsAreTheReferences(int number) throws IOException {
    JsonNode facts =
        new ObjectMapper().readTree(Shared.golden("affine.json").toFile()).path("" + number);
    int width = facts.get("target_size_wh").get(0).asInt();
    int height = facts.get("target_size_wh").get(1).asInt();
    Affine affine = Affine.of(draw(facts.get("draws")), width, height);
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3; column++) {
        assertEquals(
            facts.get("M").get(row).get(column).asDouble(),
            affine.rows()[3 * row + column],
            TOLERANCE);
      }
    }
    for (int i = 0; i < facts.get("boxes_in").size(); i++) {
      Box found = box(facts.get("boxes_in").get(i)).warped(affine).clipped(width, height);
      Box expected = box(facts.get("boxes_out").get(i));
      assertEquals(expected.x1(), found.x1(), TOLERANCE);
      assertEquals(expected.y1(), found.y1(), TOLERANCE);
      assertEquals(expected.x2(), found.x2(), TOLERANCE);
      assertEquals(expected.y2(), found.y2(), TOLERANCE);
      assertEquals(expected.category(), found.category());
    }
    assertPixels("affine_%d.image".formatted(number), affine, width, height);
  }

  private static void assertPixels(String name, Affine affine, int width, int height) {
    try (Weights figures = Weights.read(Shared.golden("augment.safetensors"));
        Canvas canvas = new Canvas(new Letterbox(height, width));
        Mat target = new Mat(height, width, opencv_core.CV_8UC3)) {
      WeightArray image = figures.arrays().get("image");
      int imageHeight = (int) image.shape()[0];
      int imageWidth = (int) image.shape()[1];
      try (Picture picture = Picture.ofBgr(image.data(), imageWidth, imageHeight, 3L * imageWidth);
          Mat part =
              new PixelRect(
                      0, 0, Math.min(imageWidth, 2 * width), Math.min(imageHeight, 2 * height))
                  .of(picture.mat());
          Mat place = new PixelRect(0, 0, part.cols(), part.rows()).of(canvas.mat())) {
        Letterbox.fill(canvas.mat(), canvas.all());
        part.copyTo(place);
      }
      canvas.warp(affine, target);
      byte[] found = new byte[3 * width * height];
      target.data().get(found);
      assertArrayEquals(
          figures.arrays().get(name).data().toArray(ValueLayout.JAVA_BYTE), found, name);
    }
  }

  private static RandomAffine.Draw draw(JsonNode draws) {
    double[] values = new double[6];
    for (int i = 0; i < values.length; i++) {
      values[i] = draws.get(i).get(2).asDouble();
    }
    return new RandomAffine.Draw(values[0], values[1], values[2], values[3], values[4], values[5]);
  }

  private static Box box(JsonNode row) {
    return new Box(
        row.get(0).asDouble(),
        row.get(1).asDouble(),
        row.get(2).asDouble(),
        row.get(3).asDouble(),
        row.get(4).asInt());
  }

  @RepeatedTest(20)
  void inverseLeadsBack(RepetitionInfo repetition) {
    RandomSource random = RandomSource.of(0, 0, repetition.getCurrentRepetition());
    Affine affine = Affine.of(RandomAffine.DEFAULT.draw(random), 640, 480);
    Affine inverse = affine.inverse();
    double x = random.uniform(0, 1280);
    double y = random.uniform(0, 960);
    assertEquals(x, inverse.x(affine.x(x, y), affine.y(x, y)), 1e-8);
    assertEquals(y, inverse.y(affine.x(x, y), affine.y(x, y)), 1e-8);
  }

  @RepeatedTest(50)
  void whatIsOutsideTheVisiblePartDoesNotMatter(RepetitionInfo repetition) {
    Letterbox input = new Letterbox(48, 64);
    RandomSource random = RandomSource.of(1, 0, repetition.getCurrentRepetition());
    Affine affine = Affine.of(RandomAffine.DEFAULT.draw(random), input.width(), input.height());
    try (Canvas canvas = new Canvas(input);
        Mat first = new Mat(48, 64, opencv_core.CV_8UC3);
        Mat second = new Mat(48, 64, opencv_core.CV_8UC3)) {
      assertTrue(canvas.visible(affine).width() <= 2 * input.width());
      byte[] noise = new byte[4 * 48 * 64 * 3];
      for (Mat target : new Mat[] {first, second}) {
        for (int i = 0; i < noise.length; i++) {
          noise[i] = (byte) random.integer(0, 255);
        }
        canvas.mat().data().put(noise);
        Letterbox.fill(canvas.mat(), canvas.visible(affine));
        canvas.warp(affine, target);
      }
      byte[] found = new byte[48 * 64 * 3];
      byte[] again = new byte[48 * 64 * 3];
      first.data().get(found);
      second.data().get(again);
      assertArrayEquals(found, again);
    }
  }
}
