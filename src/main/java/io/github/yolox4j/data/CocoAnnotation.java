package io.github.yolox4j.data;

/**
 * An annotation as it stands in a file.
 *
 * @param flags of {@link GroundTruth}
 * @param line where it ends in the file, 0 if unknown
 */
record CocoAnnotation(
    ImageId imageId,
    long categoryId,
    double x,
    double y,
    double width,
    double height,
    double area,
    byte flags,
    int line) {}
