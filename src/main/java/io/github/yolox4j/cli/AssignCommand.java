package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Augmentation;
import io.github.yolox4j.augment.ImageCache;
import io.github.yolox4j.augment.SampleMaker;
import io.github.yolox4j.augment.Sampler;
import io.github.yolox4j.augment.TrainingSamples;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.DatasetFormat;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.Assignments;
import io.github.yolox4j.loss.PositiveAnchor;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.train.Recipe;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws what SimOTA assigns. */
@Command(
    name = "assign",
    description =
        "Draws which anchor points SimOTA gives to which object, on augmented training images.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox assign -d coco/ -w yolox_nano.pth -o assigned"})
final class AssignCommand implements Callable<Integer> {

  private static final int CHANNELS = 3;

  private final Console console;
  @Mixin private NetworkOptions network;

  @Option(
      names = {"-d", "--data"},
      required = true,
      paramLabel = "DATA",
      description = "Data set: " + DatasetFormat.PLACES + ".")
  private Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "train",
      description = "Part of the data set (default: ${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "Folder for the pictures 0001.png, 0002.png, ...")
  private Path output;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many training images, 1 to 9999 (default: ${DEFAULT-VALUE}).")
  private int images;

  @Option(
      names = "--rule",
      paramLabel = "NAME",
      defaultValue = "head",
      description = "Version of SimOTA: head or legacy (default: ${DEFAULT-VALUE}).")
  private AssignmentRule rule;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "What images and augmentation depend on (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--no-mosaic", description = "As in the last epochs: no mosaic, no mixup.")
  private boolean noMosaic;

  @Mixin private Overwriting overwriting;

  AssignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (images < 1 || images > 9999) {
      throw new WrongUsage("--images is %d; expected 1 to 9999".formatted(images));
    }
    Path source = network.weights(console);
    InputFiles inputs = network.inputs(data, source);
    List<Path> targets =
        IntStream.rangeClosed(1, images)
            .mapToObj(i -> output.resolve(String.format(Locale.ROOT, "%04d.png", i)))
            .map(file -> overwriting.allowed(file, inputs))
            .toList();
    Dataset dataset = Dataset.open(data, split);
    try (YoloX model = model(source)) {
      requireFitting(model.spec(), dataset);
      NewFolder.made(output);
      draw(model, dataset, targets);
    }
    return Main.DONE;
  }

  private YoloX model(Path source) {
    try (Weights weights = Weights.read(source)) {
      ModelSpec spec = network.model().orElseGet(() -> WeightsModel.infer(weights));
      return Networks.folded(FoldedNetwork.of(spec, weights));
    }
  }

  private static void requireFitting(ModelSpec spec, Dataset dataset) {
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

  private void draw(YoloX model, Dataset dataset, List<Path> targets) {
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
        Labels labels = maker.make(pick.image(), pick.pass(), !noMosaic, pixels);
        List<PositiveAnchor> positives = assign(model, input, pixels, labels);
        try (Picture sample = Picture.ofBgr(pixels, input.width(), input.height(), row);
            Picture drawing = painter.paint(sample, labels, positives)) {
          PaintedSink.write(targets.get(i), drawing);
        }
        console
            .out()
            .printf(
                "%s: %s%n", targets.get(i), AssignmentPainter.legend(labels.total(), positives));
      }
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
