package io.github.yolox4j.augment;

import io.github.yolox4j.Range;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The exchange of left and right.
 *
 * @param flipProbability how often it happens, 0 to 1
 */
public record RandomFlip(double flipProbability) {

  /** The reference's setting. */
  public static final RandomFlip DEFAULT = new RandomFlip(0.5);

  /** Checks the setting. */
  public RandomFlip {
    Range.require("augmentation.flip-probability", flipProbability, 0, 1);
  }

  Optional<Transform> draw(RandomSource random) {
    return random.uniform(0, 1) < flipProbability
        ? Optional.of(new HorizontalFlip())
        : Optional.empty();
  }

  /** Exchanges left and right. */
  record HorizontalFlip() implements Transform {
    @Override
    public void apply(Mat bgr, PictureBuffers buffers) {
      Pixels.mirror(bgr);
    }

    @Override
    public Box apply(Box box, double width) {
      return box.mirrored(width);
    }
  }
}
