package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.WeightType;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is exported.
 *
 * @param spec the model
 * @param source the file that it is from, which stays open
 * @param classNames a name per class
 * @param options what a graph takes and gives back
 * @param scaling what the weights were trained with
 * @param normKept whether a graph keeps BatchNorm as nodes of their own
 */
public record ExportJob(
    ModelSpec spec,
    Weights source,
    List<String> classNames,
    ExportOptions options,
    InputScaling scaling,
    boolean normKept) {

  /** A count of batches that a file leaves out. */
  private static final WeightArray NO_BATCHES =
      WeightArray.of(WeightType.INT64, MemorySegment.ofArray(new long[1]));

  /**
   * Checks the file.
   *
   * @throws YoloxException if it lacks a tensor of the model
   */
  public ExportJob {
    WeightsMatch.of(spec, source).requireComplete();
  }

  /**
   * {@return the model's state dict: of 64-bit floats 32, as the official checkpoints have; what
   * the model does not have is left out}
   */
  public Map<String, WeightArray> arrays() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (StateEntry entry : Network.of(spec).stateDict()) {
      WeightArray array = source.arrays().getOrDefault(entry.key(), NO_BATCHES);
      boolean wide = array.dtype() == WeightType.FLOAT64;
      arrays.put(entry.key(), wide ? WeightArray.of(array.toFloats(), array.shape()) : array);
    }
    return arrays;
  }

  FoldedNetwork folded() {
    return FoldedNetwork.of(spec, arrays()).withScaling(scaling);
  }
}
