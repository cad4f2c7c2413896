package io.github.yolox4j.plan;

import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Decides where feature maps lie. A map that is concatenated with others is written to its place
 * beside them where the operations that write and read it can do so, and copied there otherwise;
 * maps that convolutions compute from the same map lie side by side where these can then become
 * one. A map that has its place keeps it, so what must lie somewhere comes first.
 */
final class Placement {

  private final Network network;
  private final MapUses uses;
  private final Map<Integer, Region> regions = new LinkedHashMap<>();
  private final Map<Integer, List<Task.Copy>> copies = new HashMap<>();
  private int blocks;

  /** {@code winograd} tells whether Winograd's method may be used. */
  Placement(Network network, boolean winograd) {
    this.network = network;
    this.uses = new MapUses(network, winograd);
    uses.joins().forEach(this::placeJoin);
    uses.convolutions().forEach(this::placeBefore);
    for (Prediction prediction : network.predictions()) {
      // what one branch predicts lies together, so that its convolutions become one
      placePredictions(prediction.boxes(), prediction.objectness());
      placePredictions(prediction.classes());
    }
    uses.convolutions().forEach(this::placeTwins);
    uses.operations().forEach(operation -> ensurePlaced(operation.target()));
  }

  MapUses uses() {
    return uses;
  }

  /** Where the map of a layer lies. */
  Region region(int layer) {
    return regions.get(layer);
  }

  /** What is copied to its place beside others before a concatenation is read. */
  List<Task.Copy> copies(int join) {
    return copies.getOrDefault(join, List.of());
  }

  private boolean placed(int map) {
    return regions.containsKey(map);
  }

  private void place(int map, Region region) {
    uses.chain(map).forEach(link -> regions.put(link, region));
  }

  private Block block(int channels, int stride, boolean prediction) {
    return new Block(blocks++, channels, stride, prediction);
  }

  /** Gives maps of one stride a block of their own, side by side. */
  private void placeTogether(List<Integer> maps, boolean prediction) {
    int all = maps.stream().mapToInt(this::channels).sum();
    int stride = network.layers().get(maps.getFirst()).stride();
    Region whole = Region.whole(block(all, stride, prediction));
    int first = 0;
    for (int map : maps) {
      place(map, whole.part(first, channels(map)));
      first += channels(map);
    }
  }

  private Region ensurePlaced(int map) {
    if (!placed(map)) {
      placeTogether(List.of(map), false);
    }
    return regions.get(map);
  }

  private void placeJoin(int id, Layer.Concat join) {
    Region whole = Region.whole(block(join.channels(), join.stride(), false));
    regions.put(id, whole);
    int first = 0;
    for (int part : join.inputs()) {
      Region place = whole.part(first, channels(part));
      if (!placed(part) && uses.mayLieBesideOthers(part)) {
        place(part, place);
      } else {
        copies
            .computeIfAbsent(id, _ -> new ArrayList<>())
            .add(new Task.Copy(ensurePlaced(part), place));
      }
      first += channels(part);
    }
  }

  /**
   * A map whose life ends before a place beside its twin's is written takes that place until then,
   * so that the two can be computed as one.
   */
  private void placeBefore(Operation.Convolve twin) {
    if (!placed(twin.target())) {
      return;
    }
    Region place = regions.get(twin.target());
    for (Operation.Convolve candidate : uses.convolutions()) {
      int map = candidate.target();
      if (!placed(map)
          && candidate.mergesWith(twin)
          && place.first() >= channels(map)
          && uses.mayLieBesideOthers(map)) {
        Region before = place.part(-channels(map), channels(map));
        Stream<Integer> there =
            regions.keySet().stream().filter(other -> regions.get(other).equals(before));
        if (uses.firstWrite(there) > uses.lastRead(map)) {
          place(map, before);
        }
      }
    }
  }

  private void placePredictions(Channels... parts) {
    List<Integer> maps =
        Stream.of(parts).map(Channels::layer).distinct().filter(map -> !placed(map)).toList();
    if (!maps.isEmpty()) {
      placeTogether(maps, true);
    }
  }

  /** Convolutions of the same map that can share what Winograd's method computes of it. */
  private void placeTwins(Operation.Convolve first) {
    for (Operation.Convolve second : uses.convolutions()) {
      if (!second.equals(first)
          && winogradTwin(first)
          && winogradTwin(second)
          && first.mergesWith(second)) {
        placeTogether(List.of(first.target(), second.target()), false);
      }
    }
  }

  private boolean winogradTwin(Operation.Convolve convolve) {
    return uses.method(convolve.convolution()) == Method.WINOGRAD
        && !placed(convolve.target())
        && uses.mayLieBesideOthers(convolve.target());
  }

  private int channels(int layer) {
    return network.layers().get(layer).channels();
  }
}
