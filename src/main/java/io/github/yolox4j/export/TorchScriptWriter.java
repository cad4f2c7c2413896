package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.UnfinishedFile;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.StringVectorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes TorchScript archives, which {@code torch::jit::load} opens in C++ and {@code
 * torch.jit.load} in Python. The module is compiled by libtorch from source text and frozen; it
 * takes any number of pictures of any size whose sides are multiples of 32.
 *
 * <p>With suppression {@code forward(pictures, confidence, iou)} gives (boxes, scores, classes,
 * counts), and both thresholds may be left out; else {@code forward(pictures)} gives predictions.
 * The methods {@code class_names}, {@code input_size} and {@code strides} tell about the model.
 */
public final class TorchScriptWriter {

  /** An archive's entry begins at a multiple of 64 bytes and is named twice. */
  private static final long ENTRY_BYTES = 512;

  /** The code of the largest models takes a few hundred kilobytes. */
  private static final long CODE_BYTES = 2L << 20;

  private TorchScriptWriter() {}

  /**
   * Writes a model.
   *
   * @param target the file to make or replace, whole or not at all
   * @param network the network
   * @param classNames a name per class
   * @param options what the model takes and gives back; all shapes are open
   * @throws YoloxException if the file cannot be written
   */
  public static void write(
      Path target, FoldedNetwork network, List<String> classNames, ExportOptions options) {
    ModelInfo info = new ModelInfo(network.network(), classNames, options);
    LibTorch.load();
    try (var _ = new Scope();
        UnfinishedFile file = new UnfinishedFile(target)) {
      JitModule module = compile(info, network);
      // on a full disk libtorch ends the process
      file.requireRoom(room(info));
      try {
        module.save(file.temporary().toString());
      } catch (RuntimeException e) {
        throw new YoloxException(
            "%s cannot be written: %s".formatted(target, LibTorch.firstLine(e)), e);
      }
      file.commit();
    }
  }

  /** What the archive takes at most: its tensors, each in an entry of its own, and its code. */
  private static long room(ModelInfo info) {
    List<StateEntry> entries = info.network().stateDict();
    long elements = entries.stream().mapToLong(StateEntry::elements).sum();
    return elements * (info.options().half() ? Short.BYTES : Float.BYTES)
        + (long) entries.size() * ENTRY_BYTES
        + CODE_BYTES;
  }

  private static JitModule compile(ModelInfo info, FoldedNetwork network) {
    JitModule module = new JitModule(new QualifiedName("YoloX"));
    for (Convolution convolution : network.network().convolutions()) {
      FoldedConvolution folded = network.of(convolution);
      long[] shape = convolution.weightShape().stream().mapToLong(Long::longValue).toArray();
      register(module, TorchScriptSource.weight(convolution), folded.weight(), info, shape);
      register(
          module,
          TorchScriptSource.bias(convolution),
          folded.bias(),
          info,
          convolution.outputChannels());
    }
    module.define(TorchScriptSource.of(info));
    module.eval();
    StringVector kept = new StringVector(TorchScriptSource.kept().toArray(String[]::new));
    return torch.freeze(module, new StringVectorOptional(kept), true);
  }

  private static void register(
      JitModule module, String name, float[] values, ModelInfo info, long... shape) {
    Tensor tensor = Tensors.of(values, shape);
    if (info.options().half()) {
      for (float value : values) {
        Half.of(name, value);
      }
      tensor = tensor.to(ScalarType.Half);
    }
    module.register_buffer(name, tensor);
  }
}
