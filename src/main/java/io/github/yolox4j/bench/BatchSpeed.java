package io.github.yolox4j.bench;

import java.util.OptionalDouble;

/**
 * How fast a batch was. Steps of training on a GPU are timed several at once, since it is not
 * waited for after each: a pass is then the mean of those.
 *
 * @param batch the pictures of a pass or step
 * @param milliseconds half of the passes took at most so long
 * @param slowMilliseconds nine of ten passes took at most so long
 * @param imagesPerSecond pictures per second of the median pass
 * @param peakMib how much memory tensors took at most; on a processor, what the process holds
 * @param idle for which share of the time the device had nothing to do, 0 to 1, where it was asked
 */
public record BatchSpeed(
    int batch,
    double milliseconds,
    double slowMilliseconds,
    double imagesPerSecond,
    double peakMib,
    OptionalDouble idle) {

  BatchSpeed withIdle(OptionalDouble share) {
    return new BatchSpeed(batch, milliseconds, slowMilliseconds, imagesPerSecond, peakMib, share);
  }
}
