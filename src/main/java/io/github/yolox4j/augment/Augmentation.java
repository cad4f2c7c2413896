package io.github.yolox4j.augment;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.yolox4j.Range;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How training samples are changed at random. The ranges are inclusive; every drawn value is
 * uniform in its range.
 *
 * @param mosaicProbability how often a sample is put together from four images, 0 to 1
 * @param mixupProbability how often a mosaic is blended with another image, 0 to 1
 * @param hsv the change of colours
 * @param flip the exchange of left and right
 * @param affine the warp of a mosaic
 * @param minMixupScale the smallest scale of mixup's second image, at least 0.01
 * @param maxMixupScale the largest scale of mixup's second image, minMixupScale to 10
 * @param maxLabels how many labels a sample has room for; those beyond are dropped, 1 to 65536
 * @param edgeBoxes what becomes of a box that reaches out of its picture
 */
public record Augmentation(
    double mosaicProbability,
    double mixupProbability,
    @JsonUnwrapped RandomHsv hsv,
    @JsonUnwrapped RandomFlip flip,
    @JsonUnwrapped RandomAffine affine,
    double minMixupScale,
    double maxMixupScale,
    int maxLabels,
    @JsonPropertyDescription("boxes that reach out of their picture: cut; move, as 0.3.0 does")
        EdgeBoxes edgeBoxes) {

  /** The settings of the models s, m, l, x and darknet53. */
  public static final Augmentation DEFAULT =
      new Augmentation(
          1,
          1,
          RandomHsv.DEFAULT,
          RandomFlip.DEFAULT,
          RandomAffine.DEFAULT,
          0.5,
          1.5,
          120,
          EdgeBoxes.CUT);

  /** The range of scales. */
  static final double LEAST_SCALE = 0.01;

  static final double MAX_SCALE = 10;

  /** Checks every setting. */
  public Augmentation {
    Range.require("augmentation.mosaic-probability", mosaicProbability, 0, 1);
    Range.require("augmentation.mixup-probability", mixupProbability, 0, 1);
    Range.require("augmentation.min-mixup-scale", minMixupScale, LEAST_SCALE, MAX_SCALE);
    Range.require("augmentation.max-mixup-scale", maxMixupScale, minMixupScale, MAX_SCALE);
    Range.require("augmentation.max-labels", maxLabels, 1, 1 << 16);
  }

  /** Draws what changes a sample at its end, in the reference's order. */
  List<Transform> transforms(RandomSource random) {
    return Stream.of(hsv.draw(random), flip.draw(random)).flatMap(Optional::stream).toList();
  }
}
