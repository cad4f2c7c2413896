package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
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
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Runs the {@code torch::nn} network with BatchNorm folded, on any device, channels last. */
public final class TorchEngine implements Engine {

  private static final float[] LEGACY_MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] LEGACY_DEVIATION = {0.229f, 0.224f, 0.225f};

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
      network.to(target, precision.scalarType(), false);
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
  public Predictions run(MemorySegment pixels, int batch, int height, int width) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    Scope scope = new Scope();
    try (InferenceMode _ = new InferenceMode(true)) {
      Tensor pictures = input(pixels, batch, height, width);
      List<LevelMap> levels = network.forward(pictures).stream().map(TorchEngine::map).toList();
      return new ScopedPredictions(levels, scope);
    } catch (Error e) {
      scope.close();
      throw e;
    } catch (RuntimeException e) {
      scope.close();
      throw new YoloxException(
          "The network failed on %d pictures of %dx%d in %s on %s: %s"
              .formatted(batch, width, height, precision.key(), device, LibTorch.firstLine(e)),
          e);
    }
  }

  /** [B, C, H, W] in the network's type, channels last in memory. */
  private Tensor input(MemorySegment pixels, int batch, int height, int width) {
    int channels = spec().inputChannels();
    long[] shape = {batch, height, width, channels};
    long[] strides = {(long) height * width * channels, (long) width * channels, channels, 1};
    Tensor bytes = Tensors.view(pixels, ScalarType.Byte, shape, strides).permute(0, 3, 1, 2);
    Tensor moved = device.cuda() ? bytes.to(device.toTorch(), ScalarType.Byte) : bytes;
    if (scaling == InputScaling.NONE) {
      return moved.to(precision.scalarType());
    }
    return legacy(moved.to(ScalarType.Float)).to(precision.scalarType());
  }

  /** Scales float BGR pictures of [B, 3, H, W], 0 to 255, as {@link InputScaling#LEGACY} says. */
  static Tensor legacy(Tensor bgr) {
    Tensor mean = like(bgr, LEGACY_MEAN);
    Tensor deviation = like(bgr, LEGACY_DEVIATION);
    Tensor full = like(bgr, 255f);
    return bgr.flip(1).div(full).sub(mean).div(deviation).contiguous(MemoryFormat.ChannelsLast);
  }

  private static Tensor like(Tensor reference, float... values) {
    return Tensors.of(values, 1, values.length, 1, 1).to(reference);
  }

  private static LevelMap map(LevelOutput level) {
    Tensor boxes = readable(level.boxes());
    Tensor objectness = readable(level.objectness());
    Tensor classes = readable(level.classes());
    return new LevelMap(
        level.stride(),
        (int) boxes.size(2),
        (int) boxes.size(3),
        Tensors.bytes(boxes),
        Tensors.bytes(objectness),
        Tensors.bytes(classes));
  }

  private static Tensor readable(Tensor map) {
    return map.cpu().to(ScalarType.Float).contiguous(MemoryFormat.ChannelsLast);
  }

  @Override
  public void close() {
    closed = true;
    network.close();
  }

  private record ScopedPredictions(List<LevelMap> levels, Scope scope) implements Predictions {
    @Override
    public void close() {
      scope.close();
    }
  }
}
