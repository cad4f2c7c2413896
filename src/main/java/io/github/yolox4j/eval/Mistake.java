package io.github.yolox4j.eval;

import io.github.yolox4j.data.BoundingBox;

/**
 * A wrong detection or a missed object.
 *
 * @param kind what is wrong; never {@link ErrorKind#CORRECT}
 * @param image an index among the ground truth's images
 * @param category an index among the ground truth's categories: the detection's, or the missed
 *     object's
 * @param box where it is
 * @param score the detection's; of a missed object, that of the best detection of its class that
 *     overlaps it by {@link ErrorKind#FOREGROUND} below the threshold, or 0 if there is none
 * @param annotation the annotation that the detection came closest to, or the missed object; -1 if
 *     there is none
 */
public record Mistake(
    ErrorKind kind, int image, int category, BoundingBox box, double score, int annotation) {}
