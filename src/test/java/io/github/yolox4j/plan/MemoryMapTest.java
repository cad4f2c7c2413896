package io.github.yolox4j.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the maps of the official models lie. */
class MemoryMapTest {

  private static final InputShape SHAPE = new InputShape(2, 96, 64);

  @ParameterizedTest
  @CsvSource({
    "NANO,false",
    "NANO,true",
    "TINY,true",
    "S,false",
    "S,true",
    "X,true",
    "DARKNET53,false",
    "DARKNET53,true"
  })
  void nothingIsOverwrittenBeforeItIsRead(OfficialModel model, boolean winograd) {
    Placement placement = new Placement(Network.of(model.spec()), winograd);
    List<Task> tasks = TaskOrder.of(placement);
    MemoryMap map = new MemoryMap(tasks, MemoryMapTest::bytes);
    Map<Block, BitSet> written = new HashMap<>();
    for (Task task : tasks) {
      for (Region source : task.sources()) {
        assertHolds(written, source, task.toString());
      }
      if (task instanceof Task.Convolve convolve && convolve.accumulates()) {
        assertHolds(written, task.target(), task.toString());
      }
      Block target = task.target().block();
      written.keySet().removeIf(other -> !other.equals(target) && overlap(map, other, target));
      written
          .computeIfAbsent(target, _ -> new BitSet())
          .set(task.target().first(), task.target().first() + task.target().channels());
    }
    for (int layer : Network.of(model.spec()).outputs()) {
      assertHolds(written, placement.region(layer), "prediction " + layer);
    }
  }

  @ParameterizedTest
  @CsvSource({"NANO,false", "S,true", "DARKNET53,true"})
  void memoryIsAFractionOfAllMaps(OfficialModel model, boolean winograd) {
    List<Task> tasks = TaskOrder.of(new Placement(Network.of(model.spec()), winograd));
    Set<Block> blocks = new HashSet<>();
    tasks.forEach(task -> blocks.add(task.target().block()));
    long all = blocks.stream().mapToLong(MemoryMapTest::bytes).sum();
    long used = new MemoryMap(tasks, MemoryMapTest::bytes).bytes();
    assertTrue(used < all / 2, used + " of " + all);
  }

  @ParameterizedTest
  @CsvSource({"NANO,false", "S,true", "DARKNET53,false"})
  void everyConvolutionRunsOnce(OfficialModel model, boolean winograd) {
    Network network = Network.of(model.spec());
    List<String> run =
        TaskOrder.of(new Placement(network, winograd)).stream()
            .filter(Task.Convolve.class::isInstance)
            .flatMap(task -> ((Task.Convolve) task).convolutions().stream())
            .map(convolution -> convolution.key())
            .sorted()
            .toList();
    assertEquals(
        network.convolutions().stream().map(convolution -> convolution.key()).sorted().toList(),
        run);
  }

  private static long bytes(Block block) {
    return SHAPE.pixels(block.stride()) * block.channels() * Float.BYTES;
  }

  private static boolean overlap(MemoryMap map, Block a, Block b) {
    return map.offset(a) < map.offset(b) + bytes(b) && map.offset(b) < map.offset(a) + bytes(a);
  }

  private static void assertHolds(Map<Block, BitSet> written, Region region, String reader) {
    BitSet channels = written.getOrDefault(region.block(), new BitSet());
    int end = region.first() + region.channels();
    assertTrue(channels.nextClearBit(region.first()) >= end, () -> reader + " reads " + region);
  }
}
