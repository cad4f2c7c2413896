package io.github.yolox4j.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterboxTest {

  @ParameterizedTest
  @ValueSource(strings = {"preproc_a", "preproc_b", "preproc_c", "preproc_d"})
  void pixelsAndRatioAreTheReferences(String name) throws Exception {
    JsonNode facts = new ObjectMapper().readTree(Shared.golden("augment.json").toFile()).get(name);
    int height = facts.get("size").get(0).asInt();
    int width = facts.get("size").get(1).asInt();
    try (Weights figures = Weights.read(Shared.golden("augment.safetensors"));
        Arena arena = Arena.ofConfined()) {
      WeightArray image = figures.arrays().get("image");
      long[] shape = image.shape();
      Letterbox letterbox = new Letterbox(height, width);
      try (Picture picture =
          Picture.ofBgr(image.data(), (int) shape[1], (int) shape[0], 3 * shape[1])) {
        assertEquals(facts.get("r").asDouble(), letterbox.ratio(picture.width(), picture.height()));
        byte[] found = apply(letterbox, picture, 3, arena);
        float[] expected = figures.arrays().get(name).toFloats();
        int plane = height * width;
        for (int i = 0; i < expected.length; i++) {
          int pixel = i % plane * 3 + i / plane;
          assertEquals(expected[i], found[pixel] & 0xFF, "element " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "1000, 1", "1, 1", "5000, 3"})
  void pictureOfAnyShapeKeepsAPixel(int pictureWidth, int pictureHeight) {
    byte[] white = new byte[3 * pictureWidth * pictureHeight];
    Arrays.fill(white, (byte) 255);
    try (Arena arena = Arena.ofConfined();
        Picture picture =
            Picture.ofBgr(
                MemorySegment.ofArray(white), pictureWidth, pictureHeight, 3L * pictureWidth)) {
      byte[] found = apply(new Letterbox(64, 32), picture, 3, arena);
      assertEquals((byte) 255, found[0]);
      int fill = 0;
      for (byte value : found) {
        assertTrue(value == (byte) 255 || value == Letterbox.FILL);
        fill += value == Letterbox.FILL ? 1 : 0;
      }
      assertTrue(fill > 0 && fill < found.length);
    }
  }

  @Test
  void oneChannelGetsGrayValues() {
    byte[] blue = {(byte) 255, 0, 0, (byte) 255, 0, 0};
    try (Arena arena = Arena.ofConfined();
        Picture picture = Picture.ofBgr(MemorySegment.ofArray(blue), 2, 1, 6)) {
      byte[] found = apply(new Letterbox(1, 2), picture, 1, arena);
      assertEquals(29, found[0], "0.114 * 255");
    }
  }

  @Test
  void nothingNativeIsLeftBehind() {
    try (Arena arena = Arena.ofConfined();
        Picture picture = Picture.ofBgr(MemorySegment.ofArray(new byte[300]), 10, 10, 30)) {
      apply(new Letterbox(64, 32), picture, 3, arena);
      long live = LiveNatives.count();
      apply(new Letterbox(64, 32), picture, 3, arena);
      apply(new Letterbox(64, 32), picture, 1, arena);
      LiveNatives.assertNoneLeftSince(live);
    }
  }

  @Test
  void sizeMustBePositive() {
    assertThrows(YoloxException.class, () -> new Letterbox(0, 32));
  }

  private static byte[] apply(Letterbox letterbox, Picture picture, int channels, Arena arena) {
    MemorySegment target = arena.allocate((long) letterbox.height() * letterbox.width() * channels);
    letterbox.apply(picture.mat(), target, channels, false);
    return target.toArray(ValueLayout.JAVA_BYTE);
  }
}
