package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Device;
import io.github.yolox4j.ffi.torch.FusedConvolution;
import io.github.yolox4j.ffi.torch.MemoryFormat;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.TorchLibrary;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a network on the CPU as convolutions with their activations fused in, channels last, through
 * libtorch's C functions alone: it works without JavaCPP on a libtorch that {@link
 * TorchLibrary#FOLDER_PROPERTY} names.
 */
public final class FusedTorchEngine implements Engine {

  private static final Operator CONTIGUOUS =
      Operator.of(
          "aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format)"
              + " -> Tensor(a)");

  private final ModelSpec spec;
  private final DType precision;
  private final InputScaling scaling;
  private final FusedNetwork network;
  private final LegacyScaling legacy;
  private volatile boolean closed;

  /**
   * Prepares a network.
   *
   * @param network the network
   * @param precision what it computes in, float32 or bfloat16
   * @param scaling what becomes of the pictures' bytes
   * @throws YoloxException if the processor cannot compute in that precision
   */
  public FusedTorchEngine(FoldedNetwork network, DType precision, InputScaling scaling) {
    this.spec = network.spec();
    this.precision = precision;
    this.scaling = scaling;
    Optional<String> obstacle = obstacle(precision);
    if (obstacle.isPresent()) {
      throw new YoloxException(obstacle.get());
    }
    this.network = new FusedNetwork(network, precision);
    this.legacy = new LegacyScaling();
  }

  /**
   * Tells what keeps this engine from running here; loads libtorch.
   *
   * @param precision what it would compute in
   * @return one sentence; nothing where it can run
   */
  public static Optional<String> obstacle(DType precision) {
    if (!TorchLibrary.foreign()) {
      LibTorch.load(); // also sets its threads
    }
    return FusedConvolution.supports(precision)
        ? Optional.empty()
        : Optional.of(
            "libtorch has no fused convolutions in %s for this processor".formatted(precision));
  }

  @Override
  public ModelSpec spec() {
    return spec;
  }

  @Override
  public EngineKind kind() {
    return EngineKind.TORCH_FUSED;
  }

  @Override
  public String description() {
    return "torch-fused %s, %s".formatted(TorchLibrary.version(), precision);
  }

  @Override
  public Pass begin(int batch, int height, int width) {
    return begin(DType.UINT8, batch, height, width);
  }

  /** Begins a pass over pictures of bytes or floats. */
  Pass begin(DType type, int batch, int height, int width) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    return new FusedPass(type, batch, height, width);
  }

  @Override
  public TensorHandle forward(TensorHandle pictures) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    requirePictures(pictures);
    try (TensorHandle floats = Conversion.to(pictures, DType.FLOAT32);
        TensorHandle channelsLast = CONTIGUOUS.tensor(floats, MemoryFormat.CHANNELS_LAST);
        TensorHandle picture = picture(channelsLast)) {
      List<TensorHandle> maps = readable(network.run(picture));
      try {
        return FusedDecoding.decode(maps);
      } finally {
        maps.forEach(TensorHandle::close);
      }
    } catch (YoloxException e) {
      throw new YoloxException(
          "The network failed on %s in %s: %s".formatted(pictures, precision, e.getMessage()), e);
    }
  }

  private void requirePictures(TensorHandle pictures) {
    long[] shape = pictures.shape();
    if (pictures.device().type() != Device.Type.CPU
        || shape.length != 4
        || shape[0] < 1
        || shape[1] != spec.inputChannels()
        || !side(shape[2])
        || !side(shape[3])) {
      throw new IllegalArgumentException(
          "%s on %s cannot be run; expected [batch, %d, height, width] on cpu, sides multiples of %d"
              .formatted(pictures, pictures.device(), spec.inputChannels(), ModelSpec.MAX_STRIDE));
    }
  }

  private static boolean side(long pixels) {
    return pixels > 0 && pixels <= ModelSpec.MAX_SIDE && pixels % ModelSpec.MAX_STRIDE == 0;
  }

  /** The same elements in the order of their dimensions; owned by the caller. */
  static TensorHandle contiguous(TensorHandle tensor) {
    return CONTIGUOUS.tensor(tensor, MemoryFormat.CONTIGUOUS);
  }

  /** Runs the network and returns the predictions' maps, owned by the caller. */
  private List<TensorHandle> run(
      MemorySegment pixels, DType type, int batch, int height, int width) {
    int channels = spec.inputChannels();
    long row = (long) width * channels;
    try (TensorHandle view =
            TensorHandle.view(
                pixels,
                type,
                new long[] {batch, channels, height, width},
                new long[] {height * row, 1, row, channels});
        TensorHandle picture = picture(view)) {
      return readable(network.run(picture));
    } catch (YoloxException e) {
      throw new YoloxException(
          "The network failed on %d pictures of %dx%d in %s: %s"
              .formatted(batch, width, height, precision, e.getMessage()),
          e);
    }
  }

  private TensorHandle picture(TensorHandle view) {
    if (scaling == InputScaling.NONE) {
      return Conversion.to(view, precision);
    }
    try (TensorHandle floats = Conversion.to(view, DType.FLOAT32);
        TensorHandle scaled = legacy.apply(floats)) {
      return Conversion.to(scaled, precision);
    }
  }

  /** Takes over the maps. */
  private static List<TensorHandle> readable(List<TensorHandle> maps) {
    List<TensorHandle> readable = new ArrayList<>();
    try {
      for (TensorHandle map : maps) {
        readable.add(readable(map));
      }
      return readable;
    } catch (RuntimeException | Error e) {
      readable.forEach(TensorHandle::close);
      throw e;
    } finally {
      maps.forEach(TensorHandle::close);
    }
  }

  /** The same map in floats, [picture, row, column, channel] in memory. */
  private static TensorHandle readable(TensorHandle map) {
    if (map.dtype() == DType.FLOAT32) {
      return CONTIGUOUS.tensor(map, MemoryFormat.CHANNELS_LAST);
    }
    try (TensorHandle floats = Conversion.to(map, DType.FLOAT32)) {
      return CONTIGUOUS.tensor(floats, MemoryFormat.CHANNELS_LAST);
    }
  }

  private static LevelMap level(int stride, List<TensorHandle> maps) {
    long[] shape = maps.getFirst().shape();
    return new LevelMap(
        new LevelGrid(stride, (int) shape[2], (int) shape[3]),
        map(maps.get(0)),
        map(maps.get(1)),
        map(maps.get(2)));
  }

  private static FeatureMap map(TensorHandle channelsLast) {
    return FeatureMap.dense(channelsLast.data(), (int) channelsLast.shape()[1]);
  }

  @Override
  public void close() {
    closed = true;
    network.close();
    legacy.close();
  }

  /** A run and the maps that it has left. */
  private final class FusedPass implements Pass {

    private final DType type;
    private final int batch;
    private final int height;
    private final int width;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment pixels;
    private List<TensorHandle> maps = List.of();

    FusedPass(DType type, int batch, int height, int width) {
      this.type = type;
      this.batch = batch;
      this.height = height;
      this.width = width;
      long elements = (long) batch * height * width * spec.inputChannels();
      this.pixels = arena.allocate(elements * type.bytes(), Long.BYTES);
    }

    @Override
    public MemorySegment pixels() {
      return pixels;
    }

    @Override
    public List<LevelMap> run() {
      maps.forEach(TensorHandle::close);
      maps = List.of();
      maps = FusedTorchEngine.this.run(pixels, type, batch, height, width);
      List<LevelMap> levels = new ArrayList<>();
      for (int i = 0; i < Network.STRIDES.size(); i++) {
        levels.add(level(Network.STRIDES.get(i), maps.subList(3 * i, 3 * i + 3)));
      }
      return levels;
    }

    @Override
    public void close() {
      maps.forEach(TensorHandle::close);
      maps = List.of();
      arena.close();
    }
  }
}
