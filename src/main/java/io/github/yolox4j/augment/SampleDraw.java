package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Everything that is drawn for a sample.
 *
 * @param image the sample's own image
 * @param mosaic empty for the image alone
 * @param mixup never without a mosaic
 * @param transforms what changes the sample at its end, in this order
 */
record SampleDraw(
    int image, Optional<MosaicDraw> mosaic, Optional<MixupDraw> mixup, List<Transform> transforms) {

  /**
   * Draws in the reference's order.
   *
   * @param mosaicOn whether there may be a mosaic and mixup
   * @param hasBoxes tells of an image's index whether it has boxes
   */
  static SampleDraw from(
      RandomSource random,
      Augmentation settings,
      Letterbox input,
      int image,
      int imageCount,
      boolean mosaicOn,
      IntPredicate hasBoxes) {
    Optional<MosaicDraw> mosaic = Optional.empty();
    if (mosaicOn && happens(random, settings.mosaicProbability())) {
      mosaic = Optional.of(MosaicDraw.from(random, settings, input, image, imageCount));
    }
    boolean boxes =
        mosaic.isPresent()
            ? mosaic.get().images().stream().anyMatch(hasBoxes::test)
            : hasBoxes.test(image);
    Optional<MixupDraw> mixup = Optional.empty();
    // that the mosaic has boxes also ends the search for a partner that has some
    if (mosaic.isPresent() && boxes && happens(random, settings.mixupProbability())) {
      mixup = Optional.of(MixupDraw.from(random, settings, input, imageCount, hasBoxes));
    }
    return new SampleDraw(image, mosaic, mixup, boxes ? settings.transforms(random) : List.of());
  }

  /** What is switched off draws nothing. */
  private static boolean happens(RandomSource random, double probability) {
    return probability > 0 && random.uniform(0, 1) < probability;
  }
}
