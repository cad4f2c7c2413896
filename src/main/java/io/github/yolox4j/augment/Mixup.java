package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.PixelRect;
import java.util.List;

/**
 * How a partner is blended into a sample. The partner is letterboxed, resized, and from there
 * cropped to the input's size, with black where it does not reach.
 *
 * @param image the partner
 * @param width the letterboxed partner's width after resizing
 * @param height the letterboxed partner's height after resizing
 * @param flip whether its left and right are exchanged after that
 * @param offsetX where the crop begins
 * @param offsetY where the crop begins
 * @param boxes the partner's boxes in the sample
 */
record Mixup(
    int image, int width, int height, boolean flip, int offsetX, int offsetY, List<Box> boxes) {

  static Mixup of(MixupDraw draw, TrainingSamples samples) {
    Letterbox input = samples.input();
    int width = draw.width(input);
    int height = draw.height(input);
    double ratio = samples.fit(draw.partner()).again(input).ratio() * draw.scale();
    List<Box> boxes =
        samples.fittedBoxes(draw.partner()).stream()
            .map(box -> box.scaled(ratio).clipped(width, height))
            .map(box -> draw.flip() ? box.mirrored(width) : box)
            .map(box -> box.shifted(-draw.offsetX(), -draw.offsetY()))
            .map(box -> box.clipped(input.width(), input.height()))
            .toList();
    return new Mixup(
        draw.partner(), width, height, draw.flip(), draw.offsetX(), draw.offsetY(), boxes);
  }

  /** The part of the resized partner, before it is mirrored, that the sample shows. */
  PixelRect shown(Letterbox input) {
    int right = Math.min(width, offsetX + input.width());
    int bottom = Math.min(height, offsetY + input.height());
    return flip
        ? new PixelRect(width - right, offsetY, width - offsetX, bottom)
        : new PixelRect(offsetX, offsetY, right, bottom);
  }
}
