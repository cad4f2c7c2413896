package io.github.yolox4j.cli;

import io.github.yolox4j.export.ExportOptions;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.util.List;
import java.util.Map;

/**
 * What is exported.
 *
 * @param spec the model
 * @param source the file that it is from
 * @param arrays its state dict
 * @param classNames a name per class
 * @param options what a graph takes and gives back
 * @param scaling what the weights were trained with
 * @param normKept whether a graph keeps BatchNorm as nodes of their own
 */
record ExportJob(
    ModelSpec spec,
    Weights source,
    Map<String, WeightArray> arrays,
    List<String> classNames,
    ExportOptions options,
    InputScaling scaling,
    boolean normKept) {

  FoldedNetwork folded() {
    return FoldedNetwork.of(spec, arrays).withScaling(scaling);
  }
}
