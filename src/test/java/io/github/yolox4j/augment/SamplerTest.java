package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final int IMAGES = 101;

  private static List<Integer> images(Sampler sampler, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> sampler.at(i).image()).toList();
  }

  @Test
  void everyPassHoldsEveryImageOnceInAnOrderOfItsOwn() {
    Sampler sampler = new Sampler(IMAGES, 7, 0, 1);
    List<Integer> first = images(sampler, 0, IMAGES);
    List<Integer> second = images(sampler, IMAGES, 2 * IMAGES);
    List<Integer> all = IntStream.range(0, IMAGES).boxed().toList();
    assertEquals(all, first.stream().sorted().toList());
    assertEquals(all, second.stream().sorted().toList());
    assertNotEquals(all, first);
    assertNotEquals(first, second);
    assertEquals(0, sampler.at(IMAGES - 1).pass());
    assertEquals(1, sampler.at(IMAGES).pass());
  }

  @Test
  void ranksTogetherGoThroughTheOrderOfOne() {
    Sampler one = new Sampler(IMAGES, 7, 0, 1);
    List<Sampler> ranks = List.of(new Sampler(IMAGES, 7, 0, 2), new Sampler(IMAGES, 7, 1, 2));
    List<Sampler.Pick> expected = new ArrayList<>();
    List<Sampler.Pick> found = new ArrayList<>();
    for (int i = 0; i < 3 * IMAGES; i++) {
      expected.add(one.at(i));
      found.add(ranks.get(i % 2).at(i / 2));
    }
    assertEquals(expected, found);
  }

  @Test
  void aPositionIsTheSameHoweverItIsReached() {
    Sampler through = new Sampler(IMAGES, 7, 0, 1);
    images(through, 0, 5 * IMAGES);
    assertEquals(through.at(432), new Sampler(IMAGES, 7, 0, 1).at(432));
    assertEquals(new Sampler(IMAGES, 7, 0, 1).at(3), through.at(3));
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    assertNotEquals(
        images(new Sampler(IMAGES, 7, 0, 1), 0, IMAGES),
        images(new Sampler(IMAGES, 8, 0, 1), 0, IMAGES));
  }

  @Test
  void everyImageComesFirstAboutEquallyOften() {
    int images = 4;
    int[] counts = new int[images];
    for (int seed = 0; seed < 4000; seed++) {
      counts[new Sampler(images, seed, 0, 1).at(0).image()]++;
    }
    for (int count : counts) {
      assertEquals(1000, count, 5 * Math.sqrt(750), "five standard deviations");
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThrows(YoloxException.class, () -> new Sampler(0, 0, 0, 1));
    assertThrows(YoloxException.class, () -> new Sampler(1, 0, 1, 1));
    assertThrows(YoloxException.class, () -> new Sampler(1, 0, -1, 1));
    assertThrows(YoloxException.class, () -> new Sampler(1, 0, 0, 0));
  }
}
