/**
 * Training: the recipe, the loop, optimizer, learning-rate schedules, exponential moving average,
 * mixed precision, checkpoints. Tells listeners what happens.
 */
package io.github.yolox4j.train;
