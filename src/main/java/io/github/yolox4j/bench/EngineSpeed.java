package io.github.yolox4j.bench;

import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.tensor.Precision;

/**
 * How fast an engine was.
 *
 * @param kind the engine
 * @param precision what it computed in
 * @param readySeconds from the weights in memory to the first result
 * @param memoryBytes by how much the process grew meanwhile
 * @param medianMilliseconds half of the single pictures took at most so long
 * @param slowMilliseconds nine of ten single pictures took at most so long
 * @param bestBatch the pictures of a pass with which most were computed per second
 * @param imagesPerSecond how many were computed then
 * @param gigaflops 10^9 operations per second with single pictures, by the network's published
 *     count
 */
public record EngineSpeed(
    EngineKind kind,
    Precision precision,
    double readySeconds,
    long memoryBytes,
    double medianMilliseconds,
    double slowMilliseconds,
    int bestBatch,
    double imagesPerSecond,
    double gigaflops) {}
