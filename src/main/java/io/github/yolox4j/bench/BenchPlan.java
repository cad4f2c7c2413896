package io.github.yolox4j.bench;

import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.util.List;

/**
 * What is measured.
 *
 * @param spec the model; its weights are random, since speed does not depend on them
 * @param size the network's input
 * @param engines the engines to compare
 * @param precisions what they compute in
 * @param device where everything runs
 * @param seconds how long each engine is measured with single pictures, and each batch
 * @param training whether steps of training are measured too
 * @param batches whether inference and training are measured at all batches that make sense
 */
public record BenchPlan(
    ModelSpec spec,
    InputSize size,
    List<EngineKind> engines,
    List<Precision> precisions,
    ComputeDevice device,
    double seconds,
    boolean training,
    boolean batches) {}
