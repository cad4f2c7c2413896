package io.github.yolox4j.train;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.ModelSpec;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The input size of every iteration. A size is drawn every few iterations and used from the next
 * one on; it depends on the seed and the iteration alone, so that it is the same on every rank and
 * after a resumption.
 *
 * @param height the model's input height
 * @param width the model's input width
 * @param recipe how sizes are drawn
 * @param seed what the sizes depend on
 */
record Multiscale(int height, int width, MultiscaleRecipe recipe, long seed) {

  /** A size in pixels. */
  record Size(int height, int width) {}

  /** The size of an iteration, counted from 0. */
  Size at(long iteration) {
    if (recipe.every() == 0 || iteration < recipe.every()) {
      return new Size(height, width);
    }
    long draw = iteration / recipe.every();
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + draw);
    int centre = height / ModelSpec.MAX_STRIDE;
    int least = Math.max(1, centre - recipe.below());
    int units = random.nextInt(least, centre + recipe.above() + 1);
    int across = (int) (units * ((double) width / height));
    return new Size(units * ModelSpec.MAX_STRIDE, Math.max(1, across) * ModelSpec.MAX_STRIDE);
  }

  /** Pictures [B, 3, H, W] in a size; the same tensor if they have it. */
  static Tensor resize(Tensor pictures, Size size) {
    if (pictures.size(2) == size.height() && pictures.size(3) == size.width()) {
      return pictures;
    }
    return torch.upsample_bilinear2d(pictures, new long[] {size.height(), size.width()}, false);
  }

  /** Objects of pictures of one size, for pictures that {@link #resize} gave another. */
  static Labels resize(Labels labels, int height, int width, Size size) {
    return size.height() == height && size.width() == width
        ? labels
        : labels.scaled((double) size.width() / width, (double) size.height() / height);
  }
}
