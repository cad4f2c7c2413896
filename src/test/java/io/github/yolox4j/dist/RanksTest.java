package io.github.yolox4j.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RanksTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void tensorsAreSharedAveragedAndAdded(int size) throws InterruptedException {
    long live = LiveNatives.count();
    RankThreads.run(
        size,
        ranks -> {
          int rank = ranks.rank();
          try (var _ = new Scope()) {
            Tensor numbers = Tensors.of(new float[] {rank, 10 * rank, 7}, 3, 1);
            Tensor counts = Tensors.of(new long[] {rank + 1L}, 1);
            ranks.broadcast(List.of(numbers, counts));
            assertArrayEquals(new double[] {0, 0, 7}, Tensors.toDoubles(numbers));
            assertEquals(1, counts.item_long());

            Tensor mine = Tensors.of(new double[] {rank, 1}, 2);
            ranks.average(List.of(mine));
            assertArrayEquals(new double[] {(size - 1) / 2.0, 1}, Tensors.toDoubles(mine));

            Tensor one = Tensors.of(new double[] {1}, 1);
            assertEquals(size, Tensors.toDoubles(ranks.sum(one))[0]);
          }
          return null;
        });
    LiveNatives.assertNoneLeftSince(live);
  }

  @Test
  void gatheredBytesComeInTheRanksOrder() throws InterruptedException {
    List<List<String>> seen =
        RankThreads.run(
            3,
            ranks ->
                ranks
                    .gather("x".repeat(ranks.rank() * 5).getBytes(StandardCharsets.US_ASCII))
                    .stream()
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                    .toList());
    for (List<String> each : seen) {
      assertEquals(List.of("", "xxxxx", "xxxxxxxxxx"), each);
    }
  }

  @Test
  void aRankThatFailsIsNamedWithItsOwnWordsByTheOthers() throws InterruptedException {
    List<RankThreads.Result<Object>> results =
        RankThreads.results(
            3,
            ranks -> {
              if (ranks.rank() == 1) {
                ranks.failed("the dog ate picture 7");
                throw new YoloxException("the dog ate picture 7");
              }
              return ranks.gather(new byte[1]);
            });
    assertEquals("the dog ate picture 7", results.get(1).failure().getMessage());
    for (int rank : List.of(0, 2)) {
      assertEquals(
          "Rank 1 failed: the dog ate picture 7", results.get(rank).failure().getMessage());
    }
  }

  @Test
  void aRankThatVanishesIsNamed() throws InterruptedException {
    List<RankThreads.Result<Object>> results =
        RankThreads.results(2, ranks -> ranks.rank() == 1 ? null : ranks.gather(new byte[1]));
    String message = results.getFirst().failure().getMessage();
    assertTrue(message.startsWith("Rank 1 of 2 was lost: "), message);
  }

  @Test
  void aProcessAloneKeepsWhatItHas() {
    try (Ranks alone = Ranks.join(Optional.empty(), ComputeDevice.CPU, Ranks.PATIENCE);
        var _ = new Scope()) {
      assertTrue(alone.first());
      Tensor three = Tensors.of(new double[] {3}, 1);
      alone.average(List.of(three));
      assertEquals(3, Tensors.toDoubles(alone.sum(three))[0]);
      assertArrayEquals(new byte[] {5}, alone.gather(new byte[] {5}).getFirst());
    }
  }
}
