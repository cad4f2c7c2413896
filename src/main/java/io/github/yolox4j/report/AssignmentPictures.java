package io.github.yolox4j.report;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Augmentation;
import io.github.yolox4j.augment.ImageCache;
import io.github.yolox4j.augment.SampleMaker;
import io.github.yolox4j.augment.Sampler;
import io.github.yolox4j.augment.TrainingSamples;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.Labels;
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
import java.util.List;
import java.util.function.BiConsumer;
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
    AssignmentPainter painter = new AssignmentPainter();
    long row = (long) input.width() * CHANNELS;
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      MemorySegment pixels = arena.allocate(row * input.height());
      for (int i = 0; i < targets.size(); i++) {
        Sampler.Pick pick = sampler.at(i);
        Labels labels = maker.make(pick.image(), pick.pass(), mosaic, pixels);
        List<PositiveAnchor> positives = assign(model, input, pixels, labels);
        try (Picture sample = Picture.ofBgr(pixels, input.width(), input.height(), row);
            Picture drawing = painter.paint(sample, labels, positives)) {
          drawing.write(targets.get(i));
        }
        written.accept(targets.get(i), AssignmentPainter.legend(labels.total(), positives));
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
}
