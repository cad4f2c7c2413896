package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;

/** Gives the reference's random numbers, in its order only and from its ranges only. */
final class RecordedDraws implements RandomSource {

  private record Draw(double low, double high, double value) {}

  private final Deque<Draw> draws = new ArrayDeque<>();

  RecordedDraws(JsonNode recorded) {
    for (JsonNode draw : recorded) {
      switch (draw.get(0).asText()) {
        case "random" -> draws.add(new Draw(0, 1, draw.get(1).asDouble()));
        case "hsv_gain" -> draw.get(1).forEach(gain -> draws.add(new Draw(-1, 1, gain.asDouble())));
        case "hsv_keep" -> draw.get(1).forEach(keep -> draws.add(new Draw(0, 1, keep.asDouble())));
        default ->
            draws.add(
                new Draw(draw.get(1).asDouble(), draw.get(2).asDouble(), draw.get(3).asDouble()));
      }
    }
  }

  @Override
  public double uniform(double low, double high) {
    Draw draw = draws.remove();
    assertEquals(draw.low(), low);
    assertEquals(draw.high(), high);
    return draw.value();
  }

  @Override
  public int integer(int low, int high) {
    return (int) uniform(low, high);
  }

  void assertAllTaken() {
    assertEquals(0, draws.size());
  }
}
