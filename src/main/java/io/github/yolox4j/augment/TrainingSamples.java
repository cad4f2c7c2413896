package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A data set as training sees it: pictures fitted to the input, and the boxes to learn from, which
 * end at the edges of their picture. Crowds and objects without area are left out; a box's class is
 * its category's index. Immutable, safe for use by many threads.
 */
public final class TrainingSamples {

  private final Dataset dataset;
  private final Augmentation augmentation;
  private final Letterbox input;
  private final long seed;
  private final ImageCache cache;
  private final int[] widths;
  private final int[] heights;
  private final int[] boxCounts;

  /**
   * Looks at a data set. Pictures whose size it does not tell are opened for that.
   *
   * @param dataset images and their objects
   * @param augmentation how samples are changed
   * @param input the samples' size
   * @param seed what all randomness depends on, together with a sample's image and pass
   * @param cache where pictures are kept, closed by the caller after the last use of this
   * @throws YoloxException if a box has a coordinate that is no finite number, or a picture that
   *     had to be opened cannot be read
   */
  public TrainingSamples(
      Dataset dataset, Augmentation augmentation, Letterbox input, long seed, ImageCache cache) {
    this.dataset = dataset;
    this.augmentation = augmentation;
    this.input = input;
    this.seed = seed;
    this.cache = cache;
    requireFiniteBoxes(dataset.truth());
    int images = dataset.truth().images().size();
    widths = new int[images];
    heights = new int[images];
    boxCounts = new int[images];
    IntStream.range(0, images).parallel().forEach(this::measure);
    for (int i = 0; i < images; i++) {
      boxCounts[i] = boxes(i).size();
    }
  }

  private void measure(int image) {
    GroundTruth.Image facts = dataset.truth().images().get(image);
    widths[image] = facts.width();
    heights[image] = facts.height();
    if (facts.width() < 1 || facts.height() < 1) {
      try (Picture picture = Picture.read(file(image))) {
        widths[image] = picture.width();
        heights[image] = picture.height();
      }
    }
  }

  private static void requireFiniteBoxes(GroundTruth truth) {
    for (int i = 0; i < truth.size(); i++) {
      BoundingBox box = truth.box(i);
      if (!box.isFinite()) {
        throw new YoloxException(
            "%s: image %s has a box (x %s, y %s, width %s, height %s); expected finite numbers"
                .formatted(
                    truth.source(),
                    truth.images().get(truth.image(i)).fileName(),
                    box.x(),
                    box.y(),
                    box.width(),
                    box.height()));
      }
    }
  }

  /** {@return how many images there are, at least 0} */
  public int size() {
    return widths.length;
  }

  /** {@return the samples' size: the network's input} */
  public Letterbox input() {
    return input;
  }

  /** {@return how samples are changed} */
  public Augmentation augmentation() {
    return augmentation;
  }

  /**
   * {@return an image's file}
   *
   * @param image 0 to {@link #size} - 1
   * @throws YoloxException if the data set's name for it leads out of its folder
   */
  public Path file(int image) {
    return dataset.truth().images().get(image).in(dataset.images());
  }

  /** {@return a maker of samples on one thread, owned by the caller} */
  public SampleMaker maker() {
    return new SampleMaker(this);
  }

  boolean hasBoxes(int image) {
    return boxCounts[image] > 0;
  }

  SampleDraw draw(int image, long pass, boolean mosaicOn) {
    return draw(RandomSource.of(seed, pass, image), image, mosaicOn);
  }

  SampleDraw draw(RandomSource random, int image, boolean mosaicOn) {
    return SampleDraw.from(random, augmentation, input, image, size(), mosaicOn, this::hasBoxes);
  }

  /** How an image is fitted to the input. */
  FittedSize fit(int image) {
    return FittedSize.of(input, widths[image], heights[image]);
  }

  /** An image's boxes in the pixels of the fitted picture. */
  List<Box> fittedBoxes(int image) {
    double ratio = input.ratio(widths[image], heights[image]);
    return boxes(image).stream().map(box -> box.scaled(ratio)).toList();
  }

  private List<Box> boxes(int image) {
    GroundTruth truth = dataset.truth();
    List<Box> boxes = new ArrayList<>();
    for (int i = truth.firstAnnotation(image); i < truth.firstAnnotation(image + 1); i++) {
      BoundingBox box = truth.box(i);
      boolean kept =
          !truth.crowd(i)
              && truth.area(i) > 0
              && augmentation.edgeBoxes().keeps(box, widths[image], heights[image]);
      if (kept) {
        boxes.add(
            augmentation.edgeBoxes().within(box, widths[image], heights[image], truth.category(i)));
      }
    }
    return boxes;
  }

  /** A picture, fitted to the input; to be closed by the caller. */
  FittedPicture picture(int image) {
    FittedPicture picture = cache.fitted(file(image), input);
    if (picture.originalWidth() != widths[image] || picture.originalHeight() != heights[image]) {
      int width = picture.originalWidth();
      int height = picture.originalHeight();
      picture.close();
      throw new YoloxException(
          "%s is %dx%d; expected %dx%d, which %s tells"
              .formatted(
                  file(image),
                  width,
                  height,
                  widths[image],
                  heights[image],
                  dataset.truth().source()));
    }
    return picture;
  }
}
