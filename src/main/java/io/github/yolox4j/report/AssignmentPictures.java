package io.github.yolox4j.report;

import static org.bytedeco.opencv.global.opencv_imgproc.FILLED;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Augmentation;
import io.github.yolox4j.augment.ImageCache;
import io.github.yolox4j.augment.SampleMaker;
import io.github.yolox4j.augment.Sampler;
import io.github.yolox4j.augment.TrainingSamples;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.detect.ClassColour;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.Assignments;
import io.github.yolox4j.loss.PositiveAnchor;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.train.Recipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Augmented training images with the anchor points that each object is assigned.
 *
 * @param dataset the images
 * @param rule how anchor points are assigned
 * @param seed what the choice of images and their augmentation depend on
 * @param mosaic whether mosaic and mixup are on
 */
public record AssignmentPictures(Dataset dataset, AssignmentRule rule, long seed, boolean mosaic) {

  private static final int CHANNELS = 3;
  private static final int SCALE = 2;
  private static final int LINE = 2;
  private static final int LEGEND = 32;
  private static final double FONT_SCALE = 0.5;

  /**
   * Draws pictures with the assignments of a network.
   *
   * @param model the network; stays the caller's
   * @param targets the files to write, one for each picture
   * @param written is told of each file and what is in it
   * @throws YoloxException if the network does not fit the images, or a file cannot be read or
   *     written
   */
  public void write(YoloX model, List<Path> targets, BiConsumer<Path, String> written) {
    requireFitting(model.spec());
    Letterbox input = new Letterbox(model.spec().inputHeight(), model.spec().inputWidth());
    Augmentation augmentation = Recipe.of(model.spec()).augmentation();
    TrainingSamples samples =
        new TrainingSamples(dataset, augmentation, input, seed, ImageCache.none());
    Sampler sampler = new Sampler(samples.size(), seed, 0, 1);
    long row = (long) input.width() * CHANNELS;
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      MemorySegment pixels = arena.allocate(row * input.height());
      for (int i = 0; i < targets.size(); i++) {
        Sampler.Pick pick = sampler.at(i);
        Labels labels = maker.make(pick.image(), pick.pass(), mosaic, pixels);
        List<PositiveAnchor> positives = assign(model, input, pixels, labels);
        try (Picture sample = Picture.ofBgr(pixels, input.width(), input.height(), row);
            Picture drawing = paint(sample, labels, positives)) {
          drawing.write(targets.get(i));
        }
        written.accept(targets.get(i), legend(labels.total(), positives));
      }
    }
  }

  private void requireFitting(ModelSpec spec) {
    int categories = dataset.truth().categories().size();
    if (spec.classes() != categories) {
      throw new YoloxException(
          "%s has %d categories; the model has %d classes"
              .formatted(dataset.truth().source(), categories, spec.classes()));
    }
    if (spec.inputChannels() != CHANNELS) {
      throw new YoloxException(
          "Model %s has %d input channels; training images have %d"
              .formatted(spec.name(), spec.inputChannels(), CHANNELS));
    }
  }

  private List<PositiveAnchor> assign(
      YoloX model, Letterbox input, MemorySegment pixels, Labels labels) {
    long row = (long) input.width() * CHANNELS;
    long[] shape = {1, input.height(), input.width(), CHANNELS};
    long[] strides = {row * input.height(), row, CHANNELS, 1};
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor picture = Tensors.view(pixels, ScalarType.Byte, shape, strides);
      Tensor floats = picture.permute(0, 3, 1, 2).to(ScalarType.Float);
      return Assignments.of(model.forward(floats), labels, rule).getFirst();
    }
  }

  /**
   * Draws a training sample, twice as large: each object's box and its anchor points as dots, which
   * grow with the stride, in a colour of its own; beneath it a line that counts them. The picture
   * is the caller's.
   */
  private static Picture paint(Picture sample, Labels labels, List<PositiveAnchor> positives) {
    Mat drawing = new Mat();
    try (var _ = new PointerScope()) {
      Mat large = new Mat();
      Size size = new Size(sample.width() * SCALE, sample.height() * SCALE);
      opencv_imgproc.resize(sample.mat(), large, size, 0, 0, INTER_LINEAR);
      for (int object = 0; object < labels.total(); object++) {
        paintBox(large, labels, object);
      }
      positives.stream()
          .sorted(Comparator.comparingInt(PositiveAnchor::stride).reversed())
          .forEach(positive -> paintDot(large, positive));
      opencv_core.copyMakeBorder(
          large, drawing, 0, LEGEND, 0, 0, opencv_core.BORDER_CONSTANT, new Scalar(0, 0, 0, 0));
      opencv_imgproc.putText(
          drawing,
          legend(labels.total(), positives),
          new Point(LEGEND / 3, large.rows() + LEGEND * 2 / 3),
          FONT_HERSHEY_SIMPLEX,
          FONT_SCALE,
          new Scalar(255, 255, 255, 0),
          1,
          LINE_AA,
          false);
    }
    return Picture.take(drawing);
  }

  private static void paintBox(Mat picture, Labels labels, int object) {
    float width = (float) labels.width(object);
    float height = (float) labels.height(object);
    Rect box =
        new Rect(
            Math.round(((float) labels.x(object) - width / 2) * SCALE),
            Math.round(((float) labels.y(object) - height / 2) * SCALE),
            Math.max(1, Math.round(width * SCALE)),
            Math.max(1, Math.round(height * SCALE)));
    ClassColour colour = ClassColour.of(object);
    opencv_imgproc.rectangle(picture, box, colour.contrast().toScalar(), 2 * LINE, LINE_AA, 0);
    opencv_imgproc.rectangle(picture, box, colour.toScalar(), LINE, LINE_AA, 0);
  }

  private static void paintDot(Mat picture, PositiveAnchor positive) {
    Point centre =
        new Point((int) Math.round(positive.x() * SCALE), (int) Math.round(positive.y() * SCALE));
    int radius = 3 + positive.stride() / 5;
    ClassColour colour = ClassColour.of(positive.object());
    opencv_imgproc.circle(
        picture, centre, radius + 1, colour.contrast().toScalar(), FILLED, LINE_AA, 0);
    opencv_imgproc.circle(picture, centre, radius, colour.toScalar(), FILLED, LINE_AA, 0);
  }

  /** Such as "3 objects, 21 anchor points: 12 of stride 8, 9 of stride 16". */
  private static String legend(int objects, List<PositiveAnchor> positives) {
    String strides =
        positives.stream()
            .map(PositiveAnchor::stride)
            .sorted()
            .distinct()
            .map(stride -> "%d of stride %d".formatted(count(positives, stride), stride))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%d objects, %d anchor points%s",
        objects,
        positives.size(),
        strides.isEmpty() ? "" : ": " + strides);
  }

  private static long count(List<PositiveAnchor> positives, int stride) {
    return positives.stream().filter(positive -> positive.stride() == stride).count();
  }
}
