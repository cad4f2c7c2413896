package io.github.yolox4j.detect;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.FusedTorchEngine;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.engine.TorchEngine;
import io.github.yolox4j.engine.Usage;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds objects in pictures.
 *
 * <pre>{@code
 * try (Detector detector = Detector.open(Path.of("yolox_nano.pth"))) {
 *   for (Detection found : detector.detect(Path.of("dog.jpg"))) {
 *     System.out.println(found);
 *   }
 * }
 * }</pre>
 *
 * <p>Safe for use from many threads at once, with the same results in each. Owns the network's
 * native memory until {@link #close}.
 */
public final class Detector implements AutoCloseable {

  private final Engine engine;
  private final DetectorOptions options;
  private final InputSize input;
  private final Letterbox plain;
  private final List<String> classNames;
  private final StageTimes times = new StageTimes();
  private final Usage usage = new Usage();

  private Detector(
      Engine engine, DetectorOptions options, InputSize input, List<String> classNames) {
    this.engine = engine;
    this.options = options;
    this.input = input;
    this.plain = View.AS_IT_IS.letterbox(input);
    this.classNames = classNames;
  }

  /**
   * Opens a detector with the default options.
   *
   * @param weights a .pth, .safetensors or .onnx file
   * @return the detector, owned by the caller
   * @throws YoloxException if the file cannot be read or is no YOLOX model
   */
  public static Detector open(Path weights) {
    return open(weights, DetectorOptions.DEFAULTS);
  }

  /**
   * Opens a detector.
   *
   * @param weights a .pth, .safetensors or .onnx file
   * @param options how it works
   * @return the detector, owned by the caller
   * @throws YoloxException if the file cannot be read or does not fit the model
   */
  public static Detector open(Path weights, DetectorOptions options) {
    try (Weights arrays = Weights.read(weights)) {
      ModelSpec spec =
          options
              .model()
              .map(named -> WeightsModel.withClassesOf(arrays, named))
              .orElseGet(() -> WeightsModel.infer(arrays));
      return of(
          spec,
          () -> FoldedNetwork.of(spec, arrays),
          options,
          arrays.classNames(),
          weights.toString());
    }
  }

  /**
   * Opens a detector of a network in memory.
   *
   * @param network the network
   * @param options how the detector works; their model is not looked at
   * @return the detector, owned by the caller
   */
  public static Detector of(FoldedNetwork network, DetectorOptions options) {
    return of(network.spec(), () -> network, options, Optional.empty(), "the network");
  }

  /** Asks for the network only when the options fit the model, which it may not. */
  private static Detector of(
      ModelSpec spec,
      Supplier<FoldedNetwork> network,
      DetectorOptions options,
      Optional<List<String>> trained,
      String source) {
    requirePictureChannels(spec);
    List<String> names = classNames(spec, options, trained, source);
    Engine engine =
        options
            .engine()
            .open(
                network.get().withScaling(options.scaling()),
                options.device(),
                options.precision(),
                options.notices());
    return new Detector(engine, options, inputSize(spec, options), names);
  }

  /**
   * Makes a detector of a network in training, as it is now, on libtorch's modules.
   *
   * @param network a network that is not folded; it is copied
   * @param options how the detector works; their model is not looked at
   * @return the detector, owned by the caller
   * @throws YoloxException if the weights are not finite
   */
  public static Detector of(YoloX network, DetectorOptions options) {
    ModelSpec spec = network.spec();
    requirePictureChannels(spec);
    List<String> names = classNames(spec, options, Optional.empty(), "the network");
    Engine engine =
        new TorchEngine(
            Networks.folded(network, options.scaling()), options.device(), options.precision());
    return new Detector(engine, options, inputSize(spec, options), names);
  }

  private static List<String> classNames(
      ModelSpec spec, DetectorOptions options, Optional<List<String>> trained, String source) {
    List<String> names =
        options.classNames().or(() -> trained).orElseGet(() -> ClassNames.defaults(spec.classes()));
    if (names.size() != spec.classes()) {
      throw new YoloxException(
          "%d class names were given; %s has %d classes"
              .formatted(names.size(), source, spec.classes()));
    }
    return names;
  }

  private static InputSize inputSize(ModelSpec spec, DetectorOptions options) {
    return options.size().orElseGet(() -> new InputSize(spec.inputHeight(), spec.inputWidth()));
  }

  private static void requirePictureChannels(ModelSpec spec) {
    if (spec.inputChannels() != 1 && spec.inputChannels() != 3) {
      throw new YoloxException(
          "Model %s reads %d channels; pictures have 3, or 1 when gray"
              .formatted(spec.name(), spec.inputChannels()));
    }
  }

  /** {@return the model} */
  public ModelSpec spec() {
    return engine.spec();
  }

  /**
   * Says what runs the network, for people.
   *
   * @return for example {@code onednn 3.11.0, fp32, 2 threads}
   */
  public String engine() {
    return engine.description();
  }

  /** {@return the names of the classes by their ids} */
  public List<String> classNames() {
    return classNames;
  }

  /** {@return how long the stages of all detections so far took, which goes on counting} */
  public StageTimes times() {
    return times;
  }

  /**
   * Detects in a picture file.
   *
   * @param file a picture
   * @return the objects, highest score first
   * @throws YoloxException if the file is no picture
   */
  public List<Detection> detect(Path file) {
    try (Picture picture = Picture.read(file)) {
      return detect(picture);
    }
  }

  /**
   * Detects in a picture.
   *
   * @param picture the picture; not changed
   * @return the objects, highest score first
   */
  public List<Detection> detect(Picture picture) {
    return detect(List.of(picture)).getFirst();
  }

  /**
   * Detects in several pictures at once.
   *
   * @param pictures pictures of any sizes; not changed
   * @return for each picture its objects, highest score first
   * @throws IllegalStateException if this is closed
   */
  public List<List<Detection>> detect(List<Picture> pictures) {
    if (pictures.isEmpty()) {
      return List.of();
    }
    try (var _ = usage.begin()) {
      return inAllViews(pictures);
    }
  }

  private List<List<Detection>> inAllViews(List<Picture> pictures) {
    List<Candidates> candidates = new ArrayList<>(pictures.size());
    pictures.forEach(_ -> candidates.add(new Candidates()));
    for (View view : options.augmented() ? View.ALL : View.PLAIN) {
      look(pictures, view, candidates);
    }
    List<List<Detection>> results = new ArrayList<>(pictures.size());
    long start = System.nanoTime();
    for (int i = 0; i < pictures.size(); i++) {
      results.add(detections(candidates.get(i), pictures.get(i)));
    }
    times.add(StageTimes.Stage.POSTPROCESS, System.nanoTime() - start);
    times.addPictures(pictures.size());
    return results;
  }

  /** Runs the network on one view of the pictures and adds what passes to their candidates. */
  private void look(List<Picture> pictures, View view, List<Candidates> candidates) {
    Letterbox letterbox = view.letterbox(input);
    int channels = spec().inputChannels();
    long pictureBytes = (long) letterbox.height() * letterbox.width() * channels;
    long beginning = System.nanoTime();
    try (InferenceRequest request =
        engine.request(pictures.size(), letterbox.height(), letterbox.width())) {
      long start = System.nanoTime();
      times.add(StageTimes.Stage.INFERENCE, start - beginning);
      for (int i = 0; i < pictures.size(); i++) {
        letterbox.apply(
            pictures.get(i).mat(),
            request.pixels().asSlice(i * pictureBytes, pictureBytes),
            channels,
            view.mirrored());
      }
      long fitted = System.nanoTime();
      times.add(StageTimes.Stage.PREPROCESS, fitted - start);
      Predictions predictions = request.run(options.confidence());
      long predicted = System.nanoTime();
      times.add(StageTimes.Stage.INFERENCE, predicted - fitted);
      for (int i = 0; i < pictures.size(); i++) {
        Picture picture = pictures.get(i);
        Candidates found = candidates.get(i);
        int first = found.size();
        found.select(predictions, i, options.confidence());
        if (!view.equals(View.AS_IT_IS)) {
          double ratio = ratio(picture);
          double other = letterbox.ratio(picture.width(), picture.height());
          double width = view.mirrored() ? picture.width() * ratio : 0;
          found.mapFrom(first, (float) (ratio / other), (float) width);
        }
      }
      times.add(StageTimes.Stage.POSTPROCESS, System.nanoTime() - predicted);
    }
  }

  private List<Detection> detections(Candidates candidates, Picture picture) {
    int[] kept = NonMaximumSuppression.keep(candidates, options.nms(), options.agnostic());
    float ratio = (float) ratio(picture);
    List<Detection> detections = new ArrayList<>(kept.length);
    for (int i : kept) {
      Detection detection =
          new Detection(
              clip(candidates.x1(i) / ratio, picture.width()),
              clip(candidates.y1(i) / ratio, picture.height()),
              clip(candidates.x2(i) / ratio, picture.width()),
              clip(candidates.y2(i) / ratio, picture.height()),
              candidates.objectness(i),
              candidates.classConfidence(i),
              candidates.classId(i),
              classNames.get(candidates.classId(i)));
      // a box in the letterbox's padding has nothing left in the picture
      if (detection.x2() > detection.x1() && detection.y2() > detection.y1()) {
        detections.add(detection);
      }
    }
    return detections;
  }

  /** Input pixels per picture pixel in the plain view. */
  private double ratio(Picture picture) {
    return plain.ratio(picture.width(), picture.height());
  }

  private float clip(float coordinate, int side) {
    return options.clipped() ? Math.clamp(coordinate, 0f, side) : coordinate;
  }

  /**
   * Runs the network alone on a tensor of libtorch, which takes the engine {@code torch-fused}.
   *
   * @param pictures [batch, channels, height, width], BGR from 0 to 255, already of the network's
   *     input size, on the CPU; stays the caller's
   * @return [batch, anchor points, 5 + classes] of floats: centre x and y, width and height in
   *     pixels of the input, objectness, classes; owned by the caller
   * @throws IllegalArgumentException if the tensor is not such a one
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if another engine runs, or the network fails
   */
  public TensorHandle forward(TensorHandle pictures) {
    if (engine instanceof FusedTorchEngine fused) {
      return fused.forward(pictures); // which knows whether it is closed
    }
    throw new YoloxException(
        "Engine %s takes no tensors; expected %s"
            .formatted(engine.kind().key(), EngineKind.TORCH_FUSED.key()));
  }

  /**
   * Waits until the detections of other threads are done, and frees the network. Closing again does
   * nothing.
   */
  @Override
  public void close() {
    usage.end(engine::close);
  }
}
