package io.github.yolox4j.plan;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.github.yolox4j.ffi.dnnl.TensorLayout;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network's weights with BatchNorm folded in, in the layouts that primitives have asked for.
 * Plans for different input sizes share them. Owns native memory until it is closed, which must be
 * after all plans; safe for use by many threads.
 */
public final class Kernels implements AutoCloseable {

  private final FoldedNetwork folded;
  private final FoldedConvolution first; // adapted to the picture
  private final Map<Key, List<Packed>> packed = new HashMap<>();
  private final Map<List<Convolution>, MemorySegment> biases = new HashMap<>();
  private final Arena arena = Arena.ofShared();

  private record Key(List<Convolution> convolutions, KernelForm form) {}

  private record Packed(TensorLayout layout, MemorySegment memory) {}

  /**
   * Takes a network's weights.
   *
   * @param folded the network
   */
  public Kernels(FoldedNetwork folded) {
    this.folded = folded;
    this.first = adaptedToPicture();
  }

  /** {@return the network} */
  public Network network() {
    return folded.network();
  }

  /**
   * The picture comes as BGR and, where the network wants it rearranged, with the squares' rows
   * before their columns: the first convolution's input channels are put in that order, and scaled.
   */
  private FoldedConvolution adaptedToPicture() {
    List<Layer> layers = network().layers();
    Layer.Conv reader =
        layers.stream()
            .filter(Layer.Conv.class::isInstance)
            .map(Layer.Conv.class::cast)
            .findFirst()
            .orElseThrow();
    boolean standardised = network().standardised();
    boolean focused = layers.get(reader.input()) instanceof Layer.SpaceToDepth;
    FoldedConvolution kernel = folded.of(reader.convolution());
    int inputs = reader.convolution().inputChannels();
    int colours = network().spec().inputChannels();
    int area = reader.convolution().kernel() * reader.convolution().kernel();
    float[] adapted = new float[kernel.weight().length];
    for (int o = 0; o < reader.convolution().outputChannels(); o++) {
      for (int input = 0; input < inputs; input++) {
        int square = input / colours;
        int colour = input % colours;
        int official = focused ? square % 2 * 2 + square / 2 : square;
        double factor = 1;
        if (standardised) {
          colour = colours - 1 - colour;
          factor = 1 / (InputScaling.FULL * InputScaling.DEVIATION.get(colour));
        }
        int from = (o * inputs + official * colours + colour) * area;
        int to = (o * inputs + input) * area;
        for (int i = 0; i < area; i++) {
          adapted[to + i] = (float) (kernel.weight()[from + i] * factor);
        }
      }
    }
    return new FoldedConvolution(reader.convolution(), adapted, kernel.bias());
  }

  /**
   * {@return weights in the layout that a primitive wants, in native memory owned by this}
   *
   * @param convolutions convolutions whose outputs follow each other
   * @param form what the primitive takes them for
   * @param wanted the primitive's layout
   */
  synchronized MemorySegment weights(
      List<Convolution> convolutions, KernelForm form, TensorLayout wanted) {
    List<Packed> known =
        packed.computeIfAbsent(new Key(convolutions, form), _ -> new ArrayList<>());
    for (Packed candidate : known) {
      if (candidate.layout.sameAs(wanted)) {
        return candidate.memory;
      }
    }
    MemorySegment memory = arena.allocate(wanted.bytes(), MemoryMap.ALIGNMENT);
    try (Arena local = Arena.ofConfined()) {
      float[] arranged = form.arrange(joined(convolutions, true), convolutions);
      MemorySegment plain = local.allocate(4L * arranged.length, MemoryMap.ALIGNMENT);
      MemorySegment.copy(arranged, 0, plain, JAVA_FLOAT, 0, arranged.length);
      form.layout(local, convolutions).convert(plain, wanted, memory);
    }
    known.add(new Packed(wanted.copy(arena), memory));
    return memory;
  }

  /**
   * {@return biases, native floats owned by this}
   *
   * @param convolutions convolutions whose outputs follow each other
   */
  synchronized MemorySegment bias(List<Convolution> convolutions) {
    return biases.computeIfAbsent(
        convolutions,
        _ -> {
          float[] joined = joined(convolutions, false);
          MemorySegment memory =
              arena.allocate(MemoryMap.aligned(4L * joined.length), MemoryMap.ALIGNMENT);
          MemorySegment.copy(joined, 0, memory, JAVA_FLOAT, 0, joined.length);
          return memory;
        });
  }

  private FoldedConvolution folded(Convolution convolution) {
    return convolution.equals(first.convolution()) ? first : folded.of(convolution);
  }

  private float[] joined(List<Convolution> convolutions, boolean weights) {
    List<float[]> parts =
        convolutions.stream()
            .map(this::folded)
            .map(kernel -> weights ? kernel.weight() : kernel.bias())
            .toList();
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    float[] joined = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  /** Frees the packed weights; no plan may be running. */
  @Override
  public void close() {
    arena.close();
  }
}
