package io.github.yolox4j.train;

import java.util.OptionalDouble;

/**
 * How a training run ended.
 *
 * @param epochs how many epochs are done
 * @param bestAp the best AP on the validation images, empty without any
 * @param bestEpoch the epoch of that AP, counted from 1; 0 without any
 * @param seconds how long this process trained
 */
public record TrainingResult(int epochs, OptionalDouble bestAp, int bestEpoch, double seconds) {}
