package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Runs the {@code torch::nn} network with BatchNorm folded, on any device, channels last. */
public final class TorchEngine implements Engine {

  private final YoloX network;
  private final ComputeDevice device;
  private final Precision precision;
  private final Usage usage = new Usage();

  /**
   * Moves a network to its device.
   *
   * @param network a folded network, which this now owns
   * @param device where it runs
   * @param precision what it computes in
   */
  public TorchEngine(YoloX network, ComputeDevice device, Precision precision) {
    this.network = network;
    this.device = device;
    this.precision = precision;
    try (var _ = new Scope();
        Device target = device.toTorch()) {
      network.to(target, Tensors.type(precision), false);
      Networks.toChannelsLast(network);
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  @Override
  public ModelSpec spec() {
    return network.spec();
  }

  @Override
  public EngineKind kind() {
    return EngineKind.TORCH;
  }

  @Override
  public String description() {
    return "torch %s, %s on %s"
        .formatted(
            LibTorch.version(),
            precision.key(),
            device.cuda() ? device : "cpu with %d threads".formatted(LibTorch.threads()));
  }

  @Override
  public InferenceRequest request(int batch, int height, int width) {
    Usage.Use use = usage.begin();
    try {
      return new TorchRequest(use, batch, height, width);
    } catch (RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  /** Runs the network in the innermost scope. */
  private List<LevelOutput> run(Tensor pixels) {
    try (InferenceMode _ = new InferenceMode(true)) {
      Tensor pictures = Tensors.sent(pixels, device).permute(0, 3, 1, 2);
      return network.forward(pictures.to(Tensors.type(precision)));
    } catch (RuntimeException e) {
      throw new YoloxException(
          "The network failed on %d pictures of %dx%d in %s on %s: %s"
              .formatted(
                  pixels.size(0),
                  pixels.size(2),
                  pixels.size(1),
                  precision.key(),
                  device,
                  LibTorch.firstLine(e)),
          e);
    }
  }

  private static PredictedMaps.Parts parts(LevelOutput level) {
    return new PredictedMaps.Parts(
        map(level.boxes()), map(level.objectness()), map(level.classes()));
  }

  private static MapView map(Tensor map) {
    Tensor readable = map.cpu().to(ScalarType.Float).contiguous(MemoryFormat.ChannelsLast);
    int channels = (int) readable.size(1);
    return new MapView(Tensors.bytes(readable), channels, channels);
  }

  @Override
  public void close() {
    usage.end(network::close);
  }

  /** Everything that a run makes belongs to its scope. */
  private final class TorchRequest implements InferenceRequest {

    private final Usage.Use use;
    private final AnchorGrid grid;
    private final Tensor pixels;
    private final Scope scope;

    TorchRequest(Usage.Use use, int batch, int height, int width) {
      this.use = use;
      grid = AnchorGrid.of(network.network().predictions(), height, width);
      pixels =
          Tensors.toSend(device, ScalarType.Byte, batch, height, width, spec().inputChannels());
      scope = new Scope(); // after what may fail, since nobody would close it
    }

    @Override
    public MemorySegment pixels() {
      return Tensors.bytes(pixels);
    }

    @Override
    public Predictions run(float leastScore) {
      List<LevelOutput> levels = TorchEngine.this.run(pixels);
      return device.cuda()
          ? CellSelection.of(grid, levels, leastScore)
          : new PredictedMaps(grid, levels.stream().map(TorchEngine::parts).toList());
    }

    @Override
    public void close() {
      scope.close();
      pixels.close();
      use.close();
    }
  }
}
