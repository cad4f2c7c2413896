package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Device;
import io.github.yolox4j.ffi.torch.FusedConvolution;
import io.github.yolox4j.ffi.torch.MemoryFormat;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.TorchLibrary;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  private final Network description;
  private final FusedNetwork network;
  private final Usage usage = new Usage();

  /**
   * Prepares a network.
   *
   * @param network the network
   * @param precision what it computes in, float32 or bfloat16
   * @throws YoloxException if the processor cannot compute in that precision
   */
  public FusedTorchEngine(FoldedNetwork network, DType precision) {
    this.spec = network.spec();
    this.precision = precision;
    this.description = network.network();
    Optional<String> obstacle = obstacle(precision);
    if (obstacle.isPresent()) {
      throw new YoloxException(obstacle.get());
    }
    this.network = new FusedNetwork(network, precision);
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
  public InferenceRequest request(int batch, int height, int width) {
    return request(DType.UINT8, batch, height, width);
  }

  /** Makes a request for pictures of bytes or floats. */
  InferenceRequest request(DType type, int batch, int height, int width) {
    Usage.Use use = usage.begin();
    try {
      return new FusedRequest(use, type, batch, height, width);
    } catch (RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  /**
   * Runs the network on a tensor of the libtorch that is called through its C functions.
   *
   * @param pictures [batch, channels, height, width], BGR from 0 to 255, of any type and strides,
   *     on the CPU, height and width multiples of 32; stays the caller's
   * @return [batch, cells, 5 + classes] of floats: centre x and y, width and height in pixels of
   *     the input, objectness, classes; owned by the caller
   * @throws IllegalStateException if this is closed
   * @throws IllegalArgumentException if the tensor is not such a one
   * @throws YoloxException if the network fails
   */
  public TensorHandle forward(TensorHandle pictures) {
    requirePictures(pictures);
    try (var _ = usage.begin();
        TensorHandle floats = Conversion.to(pictures, DType.FLOAT32);
        TensorHandle channelsLast = CONTIGUOUS.tensor(floats, MemoryFormat.CHANNELS_LAST)) {
      TensorHandle[] maps = run(channelsLast);
      try {
        return FusedDecoding.decode(description, maps);
      } finally {
        close(maps);
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

  /** Every layer's result; the outputs are open, in floats with channels last, and the caller's. */
  private TensorHandle[] run(TensorHandle pictures) {
    TensorHandle[] maps = network.run(pictures);
    try {
      for (int output : description.outputs()) {
        try (TensorHandle computed = maps[output]) {
          maps[output] = readable(computed);
        }
      }
      return maps;
    } catch (RuntimeException | Error e) {
      close(maps);
      throw e;
    }
  }

  private void close(TensorHandle[] maps) {
    description.outputs().forEach(output -> maps[output].close());
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

  @Override
  public void close() {
    usage.end(network::close);
  }

  /** A run and the maps that it has left. */
  private final class FusedRequest implements InferenceRequest {

    private final Usage.Use use;
    private final AnchorGrid grid;
    private final DType type;
    private final int batch;
    private final int height;
    private final int width;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment pixels;
    private Optional<TensorHandle[]> maps = Optional.empty();

    FusedRequest(Usage.Use use, DType type, int batch, int height, int width) {
      this.use = use;
      this.grid = AnchorGrid.of(description.predictions(), height, width);
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
    public Predictions run(float leastScore) {
      closeMaps();
      int channels = spec.inputChannels();
      long row = (long) width * channels;
      long[] shape = {batch, channels, height, width};
      long[] strides = {height * row, 1, row, channels};
      try (TensorHandle view = TensorHandle.view(pixels, type, shape, strides)) {
        TensorHandle[] results = FusedTorchEngine.this.run(view);
        maps = Optional.of(results);
        return PredictedMaps.of(grid, part -> map(results[part.layer()], part));
      } catch (YoloxException e) {
        throw new YoloxException(
            "The network failed on %d pictures of %dx%d in %s: %s"
                .formatted(batch, width, height, precision, e.getMessage()),
            e);
      }
    }

    private MapView map(TensorHandle map, Channels part) {
      int all = (int) map.shape()[1];
      return new MapView(map.data(), all, all).part(part.first(), part.count());
    }

    private void closeMaps() {
      maps.ifPresent(FusedTorchEngine.this::close);
      maps = Optional.empty();
    }

    @Override
    public void close() {
      closeMaps();
      arena.close();
      use.close();
    }
  }
}
