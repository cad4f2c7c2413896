package io.github.yolox4j.augment;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.image.Letterbox;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Makes training samples, one at a time. Owns the memory it works in until {@link #close}; used by
 * one thread.
 */
public final class SampleMaker implements AutoCloseable {

  /** Boxes of this side or less are not learned from. */
  private static final double LEAST_SIDE = 1;

  private final TrainingSamples samples;
  private final Letterbox input;
  private final Canvas canvas;
  private final Blender blender;
  private final PictureBuffers buffers;

  SampleMaker(TrainingSamples samples) {
    this.samples = samples;
    this.input = samples.input();
    this.canvas = new Canvas(input);
    this.blender = new Blender(input, samples.augmentation().maxMixupScale());
    this.buffers = PictureBuffers.empty();
  }

  /**
   * Makes a sample. The same arguments give the same sample.
   *
   * @param image the image it is made of, 0 to {@link TrainingSamples#size} - 1
   * @param pass how often the data set has been gone through before
   * @param mosaic whether mosaic and mixup are on
   * @param pixels gets 8-bit BGR, height * width * 3 bytes, row by row; native memory
   * @return its objects, in the sample's pixels
   * @throws io.github.yolox4j.YoloxException if a picture is missing, damaged or of another size
   *     than the data set tells
   */
  public Labels make(int image, long pass, boolean mosaic, MemorySegment pixels) {
    return make(samples.draw(image, pass, mosaic), pixels);
  }

  Labels make(SampleDraw draw, MemorySegment pixels) {
    List<Box> boxes = draw.mosaic().isPresent() ? mosaic(draw, pixels) : single(draw, pixels);
    return labels(draw.image(), boxes);
  }

  private List<Box> mosaic(SampleDraw draw, MemorySegment pixels) {
    Blend blend = Blend.of(draw, samples);
    try (Mat target = Pixels.over(pixels, input.width(), input.height())) {
      canvas.paint(blend.mosaic(), samples, canvas.visible(blend.affine()));
      canvas.warp(blend.affine(), target);
      if (blend.mixup().isPresent()) {
        Mixup mixup = blend.mixup().get();
        try (FittedPicture partner = samples.picture(mixup.image())) {
          blender.blend(mixup, partner.mat(), target);
        }
      }
      List<Box> boxes = blend.boxes(input);
      List<Box> finished = finished(boxes, input.width(), 1, draw.transforms());
      if (finished.isEmpty()) {
        return boxes;
      }
      finish(draw, target);
      return finished;
    }
  }

  private List<Box> single(SampleDraw draw, MemorySegment pixels) {
    FittedSize fit = samples.fit(draw.image());
    double ratio = fit.again(input).ratio();
    List<Box> boxes = samples.fittedBoxes(draw.image());
    List<Box> finished = finished(boxes, fit.width(), ratio, draw.transforms());
    try (FittedPicture picture = samples.picture(draw.image())) {
      if (finished.isEmpty()) {
        input.apply(picture.mat(), pixels, Pixels.CHANNELS, false);
        return boxes.stream().map(box -> box.scaled(ratio)).toList();
      }
      try (Mat changed = picture.mat().clone()) {
        finish(draw, changed);
        input.apply(changed, pixels, Pixels.CHANNELS, false);
      }
    }
    return finished;
  }

  /** The boxes to learn from. */
  private static List<Box> finished(
      List<Box> boxes, double width, double ratio, List<Transform> transforms) {
    return boxes.stream()
        .map(
            box -> {
              Box changed = box;
              for (Transform transform : transforms) {
                changed = transform.apply(changed, width);
              }
              return changed.scaled(ratio);
            })
        .filter(box -> Math.min(box.width(), box.height()) > LEAST_SIDE)
        .toList();
  }

  private void finish(SampleDraw draw, Mat bgr) {
    draw.transforms().forEach(transform -> transform.apply(bgr, buffers));
  }

  /** The first boxes, rounded to 32 bits as the reference's labels are. */
  private Labels labels(int image, List<Box> boxes) {
    List<Box> most = boxes.subList(0, Math.min(boxes.size(), samples.augmentation().maxLabels()));
    // the reference does not count rows of zeros: class 0, shrunk into the corner
    int count = (int) most.stream().filter(box -> box.category() + box.x2() + box.y2() > 0).count();
    int[] classes = new int[count];
    double[] numbers = new double[4 * count];
    for (int i = 0; i < count; i++) {
      Box box = boxes.get(i);
      classes[i] = box.category();
      numbers[4 * i] = (float) (box.x1() + box.width() / 2);
      numbers[4 * i + 1] = (float) (box.y1() + box.height() / 2);
      numbers[4 * i + 2] = (float) box.width();
      numbers[4 * i + 3] = (float) box.height();
    }
    return Labels.of(samples.file(image).toString(), classes, numbers);
  }

  @Override
  public void close() {
    canvas.close();
    blender.close();
    buffers.close();
  }
}
