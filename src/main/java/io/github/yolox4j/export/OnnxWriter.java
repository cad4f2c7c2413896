package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.OnnxArtifact;
import io.github.yolox4j.weights.WeightArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes ONNX models of operator set 17, layer by layer from a model's specification and weights.
 *
 * <p>The input is called {@code images}, or {@code picture} where it takes bytes; the output {@code
 * output}, or {@code boxes}, {@code scores}, {@code classes} and {@code counts} after suppression.
 * Kernels keep their names in the state dict, so that this program reads its own files back as
 * weights.
 */
public final class OnnxWriter {

  /** What a protobuf message holds, less room for the graph. */
  private static final long MOST_WEIGHT_BYTES = Integer.MAX_VALUE - (64L << 20);

  private OnnxWriter() {}

  /**
   * Writes a model with BatchNorm folded into its convolutions.
   *
   * @param target the file to make or replace, whole or not at all
   * @param network the network; where the size is not left open it is that of its specification
   * @param classNames a name per class
   * @param options what the model takes and gives back
   * @throws YoloxException if the file cannot be written, or a model does not fit into the format
   */
  public static void write(
      Path target, FoldedNetwork network, List<String> classNames, ExportOptions options) {
    write(
        target,
        new ModelInfo(network.network(), classNames, options),
        new OnnxConvolutions.Folded(network));
  }

  /**
   * Writes a model with BatchNorm as nodes of their own, from which it can be trained on.
   *
   * @param target the file to make or replace, whole or not at all
   * @param network the model; where the size is not left open it is that of its specification
   * @param arrays every entry of its state dict
   * @param classNames a name per class
   * @param options what the model takes and gives back
   * @throws YoloxException as {@link #write} does
   */
  public static void writeWithBatchNorm(
      Path target,
      Network network,
      Map<String, WeightArray> arrays,
      List<String> classNames,
      ExportOptions options) {
    write(
        target,
        new ModelInfo(network, classNames, options),
        new OnnxConvolutions.Normalised(arrays));
  }

  private static void write(Path target, ModelInfo info, OnnxConvolutions convolutions) {
    requireRoom(info);
    try {
      AtomicFile.write(target, OnnxModel.of(info, convolutions)::writeTo);
    } catch (NoClassDefFoundError e) {
      throw OnnxArtifact.needed(target + ": to write ONNX files", e);
    }
  }

  private static void requireRoom(ModelInfo info) {
    long elements = info.network().stateDict().stream().mapToLong(StateEntry::elements).sum();
    long bytes = elements * (info.options().half() ? Short.BYTES : Float.BYTES);
    if (bytes > MOST_WEIGHT_BYTES) {
      throw new YoloxException(
          "Model %s has %,d bytes of weights; an ONNX file holds less than 2 GiB"
              .formatted(info.spec().name(), bytes));
    }
  }
}
