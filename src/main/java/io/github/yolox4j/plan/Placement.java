package io.github.yolox4j.plan;

import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides where feature maps lie. A map that is concatenated with others is written to its place
 * beside them where the operations that write and read it can do so, and copied there otherwise; a
 * residual sum is added to its first term in place; convolutions that read the same map and whose
 * results lie side by side become one.
 */
final class Placement {

  private final Network network;
  private final boolean winograd;
  private final List<Operation> operations;
  private final Map<Integer, Integer> writer = new HashMap<>();
  private final Map<Integer, List<Integer>> readers = new HashMap<>();
  private final Map<Integer, List<Integer>> joins = new HashMap<>();
  private final Map<Integer, Integer> continued = new HashMap<>();
  private final Map<Integer, Region> regions = new LinkedHashMap<>();
  private final Map<Integer, List<Task.Copy>> copies = new HashMap<>();
  private int blocks;

  private Placement(Network network, boolean winograd) {
    this.network = network;
    this.winograd = winograd;
    this.operations = Fusion.of(network);
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      writer.put(operation.target(), i);
      for (int source : operation.sources()) {
        readers.computeIfAbsent(source, _ -> new ArrayList<>()).add(i);
      }
    }
    forEachJoin(
        (id, join) ->
            join.inputs()
                .forEach(part -> joins.computeIfAbsent(part, _ -> new ArrayList<>()).add(id)));
  }

  /**
   * Places a network's maps.
   *
   * @param network the network
   * @param winograd whether Winograd's method may be used
   * @return the tasks in the order in which they run, and where each map lies
   */
  static Placement of(Network network, boolean winograd) {
    Placement placement = new Placement(network, winograd);
    placement.continueResiduals();
    placement.placeJoins();
    placement.reusePlaces();
    placement.placePredictions();
    placement.placeTwins();
    placement.placeRest();
    return placement;
  }

  /** Where the map of a layer lies. */
  Region region(int layer) {
    return regions.get(layer);
  }

  private interface JoinVisitor {
    void visit(int id, Layer.Concat join);
  }

  private void forEachJoin(JoinVisitor visitor) {
    for (int id = 0; id < network.layers().size(); id++) {
      if (network.layers().get(id) instanceof Layer.Concat join) {
        visitor.visit(id, join);
      }
    }
  }

  // ---- where maps lie

  /** A residual sum continues its first term's map where nothing reads that map afterwards. */
  private void continueResiduals() {
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) instanceof Operation.Convolve sum && sum.residual().isPresent()) {
        int term = sum.residual().get();
        if (readers.get(term).getLast() == i && !joins.containsKey(term)) {
          continued.put(sum.target(), term);
        }
      }
    }
  }

  private int origin(int map) {
    int origin = map;
    while (continued.containsKey(origin)) {
      origin = continued.get(origin);
    }
    return origin;
  }

  /** All maps that lie where a map lies because one continues the other. */
  private List<Integer> chain(int map) {
    int origin = origin(map);
    return writer.keySet().stream().filter(other -> origin(other) == origin).toList();
  }

  private boolean mayLieBesideOthers(int map) {
    return chain(map).stream()
        .allMatch(
            link ->
                besideOthers(operations.get(writer.get(link)))
                    && readers.getOrDefault(link, List.of()).stream()
                        .allMatch(reader -> besideOthers(operations.get(reader))));
  }

  private boolean besideOthers(Operation operation) {
    return switch (operation) {
      case Operation.Convolve convolve -> method(convolve.convolution()).besideOthers();
      case Operation.Apply apply -> apply.layer() instanceof Layer.Upsample;
      case Operation.Picture _ -> false;
    };
  }

  private Method method(Convolution convolution) {
    return Method.of(convolution, winograd);
  }

  private boolean placed(int map) {
    return regions.containsKey(origin(map));
  }

  private void place(int map, Region region) {
    chain(map).forEach(link -> regions.put(link, region));
  }

  private Block block(int channels, int stride, boolean prediction) {
    return new Block(blocks++, channels, stride, prediction);
  }

  private void placeJoins() {
    forEachJoin(
        (id, join) -> {
          Region whole = Region.whole(block(join.channels(), join.stride(), false));
          regions.put(id, whole);
          int first = 0;
          for (int part : join.inputs()) {
            Region place = whole.part(first, channels(part));
            if (!placed(part) && mayLieBesideOthers(part)) {
              place(part, place);
            } else {
              copies
                  .computeIfAbsent(id, _ -> new ArrayList<>())
                  .add(new Task.Copy(ensurePlaced(part), place));
            }
            first += channels(part);
          }
        });
  }

  private Region ensurePlaced(int map) {
    if (!placed(map)) {
      place(map, Region.whole(block(channels(map), stride(map), false)));
    }
    return regions.get(map);
  }

  /**
   * A map whose life ends before a place beside its twin's is written takes that place until then,
   * so that the two can be computed as one.
   */
  private void reusePlaces() {
    for (Operation operation : operations) {
      if (operation instanceof Operation.Convolve twin && placed(twin.target())) {
        Region place = regions.get(twin.target());
        for (Operation other : operations) {
          if (other instanceof Operation.Convolve candidate
              && candidate.source() == twin.source()
              && !placed(candidate.target())
              && mergeable(candidate, twin)
              && place.first() >= channels(candidate.target())
              && mayLieBesideOthers(candidate.target())) {
            Region before = place.part(-channels(candidate.target()), channels(candidate.target()));
            if (firstWrite(before) > lastRead(candidate.target())) {
              place(candidate.target(), before);
            }
          }
        }
      }
    }
  }

  private int firstWrite(Region region) {
    return regions.entrySet().stream()
        .filter(entry -> entry.getValue().equals(region) && writer.containsKey(entry.getKey()))
        .mapToInt(entry -> writer.get(entry.getKey()))
        .min()
        .orElse(-1);
  }

  private int lastRead(int map) {
    return chain(map).stream()
        .flatMap(link -> readers.getOrDefault(link, List.of()).stream())
        .mapToInt(Integer::intValue)
        .max()
        .orElse(Integer.MAX_VALUE);
  }

  private void placePredictions() {
    for (Prediction prediction : network.predictions()) {
      // what one branch predicts lies together, so that its convolutions become one
      placePredictions(prediction.stride(), prediction.boxes(), prediction.objectness());
      placePredictions(prediction.stride(), prediction.classes());
    }
  }

  private void placePredictions(int stride, Channels... parts) {
    List<Integer> maps =
        Arrays.stream(parts).map(Channels::layer).distinct().filter(map -> !placed(map)).toList();
    if (maps.isEmpty()) {
      return;
    }
    int all = maps.stream().mapToInt(this::channels).sum();
    Region together = Region.whole(block(all, stride, true));
    int first = 0;
    for (int map : maps) {
      place(map, together.part(first, channels(map)));
      first += channels(map);
    }
  }

  /** Convolutions of the same map that can share what Winograd's method computes of it. */
  private void placeTwins() {
    for (Operation operation : operations) {
      if (operation instanceof Operation.Convolve first && winogradTwin(first)) {
        for (Operation other : operations) {
          if (other instanceof Operation.Convolve second
              && !second.equals(first)
              && second.source() == first.source()
              && winogradTwin(second)
              && winogradTwin(first)
              && mergeable(first, second)) {
            int channels = channels(first.target());
            Region both =
                Region.whole(
                    block(channels + channels(second.target()), stride(first.target()), false));
            place(first.target(), both.part(0, channels));
            place(second.target(), both.part(channels, channels(second.target())));
          }
        }
      }
    }
  }

  private boolean winogradTwin(Operation.Convolve convolve) {
    return method(convolve.convolution()) == Method.WINOGRAD
        && !placed(convolve.target())
        && mayLieBesideOthers(convolve.target());
  }

  private void placeRest() {
    for (Operation operation : operations) {
      ensurePlaced(operation.target());
    }
  }

  private int channels(int layer) {
    return network.layers().get(layer).channels();
  }

  private int stride(int layer) {
    return network.layers().get(layer).stride();
  }

  // ---- what is computed

  private static boolean mergeable(Operation.Convolve first, Operation.Convolve second) {
    Convolution a = first.convolution();
    Convolution b = second.convolution();
    return first.residual().isEmpty()
        && second.residual().isEmpty()
        && a.kernel() == b.kernel()
        && a.step() == b.step()
        && a.groups() == 1
        && b.groups() == 1
        && a.activation().equals(b.activation());
  }

  /** The tasks in the order in which they run. */
  List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    List<Operation> done = new ArrayList<>();
    for (Operation operation : operations) {
      if (done.contains(operation)) {
        continue;
      }
      for (int source : operation.sources()) {
        List<Task.Copy> pending = copies.remove(source);
        if (pending != null) {
          tasks.addAll(pending);
        }
      }
      switch (operation) {
        case Operation.Picture picture ->
            tasks.add(
                new Task.Picture(
                    picture.focused(), picture.standardised(), regions.get(picture.target())));
        case Operation.Convolve convolve -> convolve(convolve, tasks, done);
        case Operation.Apply apply ->
            tasks.add(
                new Task.Apply(
                    apply.layer(), regions.get(apply.source()), regions.get(apply.target())));
      }
    }
    return tasks;
  }

  private void convolve(Operation.Convolve convolve, List<Task> tasks, List<Operation> done) {
    Region target = regions.get(convolve.target());
    convolve
        .residual()
        .map(regions::get)
        .filter(term -> !term.equals(target))
        .ifPresent(term -> tasks.add(new Task.Copy(term, target)));
    List<Convolution> convolutions = new ArrayList<>(List.of(convolve.convolution()));
    Region written = target;
    for (Operation other : operations) {
      if (other instanceof Operation.Convolve twin
          && !twin.equals(convolve)
          && twin.source() == convolve.source()
          && mergeable(convolve, twin)
          && method(twin.convolution()).besideOthers()
          && written.followedBy(regions.get(twin.target()))) {
        convolutions.add(twin.convolution());
        written = written.with(regions.get(twin.target()));
        done.add(twin);
      }
    }
    tasks.add(
        new Task.Convolve(
            List.copyOf(convolutions),
            method(convolve.convolution()),
            regions.get(convolve.source()),
            convolve.residual().isPresent(),
            written));
  }
}
