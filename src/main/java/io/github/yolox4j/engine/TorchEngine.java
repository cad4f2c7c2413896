package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
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
  private final InputScaling scaling;
  private volatile boolean closed;

  /**
   * Builds the network and moves it to its device.
   *
   * @param spec the model
   * @param weights all of its tensors; may be closed afterwards
   * @param device where it runs
   * @param precision what it computes in
   * @param scaling what becomes of the pictures' bytes
   * @throws YoloxException if the weights do not fit the model
   */
  public TorchEngine(
      ModelSpec spec,
      Weights weights,
      ComputeDevice device,
      Precision precision,
      InputScaling scaling) {
    this(Networks.folded(spec, weights), device, precision, scaling);
  }

  /**
   * Moves a network to its device.
   *
   * @param network a folded network, which this now owns
   * @param device where it runs
   * @param precision what it computes in
   * @param scaling what becomes of the pictures' bytes
   */
  public TorchEngine(
      YoloX network, ComputeDevice device, Precision precision, InputScaling scaling) {
    this.network = network;
    this.device = device;
    this.precision = precision;
    this.scaling = scaling;
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
  public Pass begin(int batch, int height, int width) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    return new TorchPass(batch, height, width);
  }

  /** Runs the network and reads its output, in the innermost scope. */
  private <T> T run(Tensor pixels, Function<List<LevelOutput>, T> reading) {
    try (InferenceMode _ = new InferenceMode(true)) {
      return reading.apply(network.forward(input(pixels)));
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

  /** [B, C, H, W] in the network's type, channels last in memory. */
  private Tensor input(Tensor pixels) {
    Tensor moved = Tensors.sent(pixels, device).permute(0, 3, 1, 2);
    if (scaling == InputScaling.NONE) {
      return moved.to(Tensors.type(precision));
    }
    return legacy(moved.to(ScalarType.Float)).to(Tensors.type(precision));
  }

  /** Scales float BGR pictures of [B, 3, H, W], 0 to 255, as {@link InputScaling#LEGACY} says. */
  static Tensor legacy(Tensor bgr) {
    Tensor mean = like(bgr, InputScaling.MEAN);
    Tensor deviation = like(bgr, InputScaling.DEVIATION);
    Tensor full = like(bgr, List.of((double) InputScaling.FULL));
    return bgr.flip(1).div(full).sub(mean).div(deviation).contiguous(MemoryFormat.ChannelsLast);
  }

  private static Tensor like(Tensor reference, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return Tensors.of(floats, 1, floats.length, 1, 1).to(reference);
  }

  private static LevelMap map(LevelOutput level) {
    return new LevelMap(
        PointSelection.grid(level),
        map(readable(level.boxes())),
        map(readable(level.objectness())),
        map(readable(level.classes())));
  }

  private static FeatureMap map(Tensor channelsLast) {
    return FeatureMap.dense(Tensors.bytes(channelsLast), (int) channelsLast.size(1));
  }

  private static Tensor readable(Tensor map) {
    return map.cpu().to(ScalarType.Float).contiguous(MemoryFormat.ChannelsLast);
  }

  @Override
  public void close() {
    closed = true;
    network.close();
  }

  /** Everything that a run makes belongs to its scope. */
  private final class TorchPass implements Pass {

    private final Tensor pixels;
    private final Scope scope;

    TorchPass(int batch, int height, int width) {
      pixels =
          Tensors.toSend(device, ScalarType.Byte, batch, height, width, spec().inputChannels());
      scope = new Scope(); // after what may fail, since nobody would close it
    }

    @Override
    public MemorySegment pixels() {
      return Tensors.bytes(pixels);
    }

    @Override
    public List<LevelMap> run() {
      return TorchEngine.this.run(pixels, levels -> levels.stream().map(TorchEngine::map).toList());
    }

    @Override
    public Predictions run(float leastScore) {
      return device.cuda()
          ? TorchEngine.this.run(pixels, levels -> PointSelection.of(levels, leastScore))
          : Pass.super.run(leastScore);
    }

    @Override
    public void close() {
      scope.close();
      pixels.close();
    }
  }
}
