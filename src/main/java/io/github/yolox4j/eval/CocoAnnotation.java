package io.github.yolox4j.eval;

/**
 * An annotation as it stands in a file.
 *
 * @param box left, top, width, height in pixels
 * @param flags of {@link GroundTruth}
 * @param line where it ends in the file, 0 if unknown
 */
@SuppressWarnings("ArrayRecordComponent")
record CocoAnnotation(
    ImageId imageId, long categoryId, double[] box, double area, byte flags, int line) {}
