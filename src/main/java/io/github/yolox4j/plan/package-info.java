/**
 * A network for one input size as a fixed sequence of oneDNN primitives over memory that is laid
 * out beforehand. Tensors lie in memory as [picture, row, column, channel].
 */
package io.github.yolox4j.plan;
