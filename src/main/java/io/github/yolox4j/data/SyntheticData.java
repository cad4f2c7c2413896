package io.github.yolox4j.data;

import io.github.yolox4j.Range;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.files.UnfinishedFolder;
import io.github.yolox4j.image.OpenCv;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A generated data set: one to four turned, shaded and partly hidden shapes of five classes on
 * textured backgrounds. Boxes are the bounds of the whole shapes, none of which is hidden by more
 * than two fifths. The same settings give the same files, whatever the number of threads.
 *
 * @param trainImages pictures to train on, at least 1
 * @param valImages pictures to validate on, at least 1
 * @param height of a picture in pixels, from 32 to 4096
 * @param width of a picture in pixels, from 32 to 4096
 * @param seed where the random numbers begin
 */
public record SyntheticData(int trainImages, int valImages, int height, int width, long seed) {

  /** 1000 pictures to train on and 200 to validate on, of 224x224 pixels. */
  public static final SyntheticData DEFAULTS = new SyntheticData(1000, 200, 224, 224, 0);

  /** The names of the classes in the order of their ids 1, 2, ... */
  public static final List<String> CLASS_NAMES =
      Arrays.stream(SyntheticShape.values()).map(SyntheticShape::label).toList();

  private static final int LEAST_SIDE = 32;
  private static final int MOST_SIDE = 4096;
  private static final int MOST_IMAGES = 1_000_000;
  private static final int QUALITY = 95;

  /** Digits of a coordinate are hundredths, as in COCO's own files. */
  private static final double PRECISION = 100;

  /** Checks the settings. */
  public SyntheticData {
    Range.require("training images", trainImages, 1, MOST_IMAGES);
    Range.require("validation images", valImages, 1, MOST_IMAGES);
    Range.require("height", height, LEAST_SIDE, MOST_SIDE);
    Range.require("width", width, LEAST_SIDE, MOST_SIDE);
  }

  /** {@return how many pictures there are in both splits} */
  public int images() {
    return trainImages + valImages;
  }

  /**
   * Draws the data set into a folder in COCO layout, using all processors. The annotations of a
   * split are written when all its pictures are; none of the files has its name before all are
   * written.
   *
   * @param folder made if it is not there; files of the same names are replaced
   * @param progress is told, by one thread at a time, how many pictures are done
   * @throws YoloxException if a file cannot be written or another run writes into the folder
   */
  public void write(Path folder, IntConsumer progress) {
    OpenCv.load();
    AtomicInteger done = new AtomicInteger();
    Runnable drawn =
        () -> {
          synchronized (done) {
            progress.accept(done.incrementAndGet());
          }
        };
    SplittableRandom random = new SplittableRandom(seed);
    try (UnfinishedFolder unfinished = new UnfinishedFolder(folder)) {
      writeSplit(unfinished.temporary(), "train", trainImages, random.split(), drawn);
      writeSplit(unfinished.temporary(), "val", valImages, random.split(), drawn);
      unfinished.commit();
    }
  }

  private void writeSplit(
      Path folder, String split, int count, SplittableRandom random, Runnable drawn) {
    Path images = folder.resolve("images").resolve(split);
    Path annotations = folder.resolve("annotations").resolve("instances_%s.json".formatted(split));
    NewFolder.made(images);
    NewFolder.made(annotations.getParent());
    List<SplittableRandom> randoms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      randoms.add(random.split());
    }
    List<List<SyntheticScene.PlacedShape>> shapes =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(
                i -> {
                  List<SyntheticScene.PlacedShape> placed =
                      writePicture(images.resolve(fileName(i)), randoms.get(i));
                  drawn.run();
                  return placed;
                })
            .toList();
    CocoInstancesWriter.write(annotations, groundTruth(annotations, shapes));
  }

  private static String fileName(int index) {
    return String.format(Locale.ROOT, "%06d.jpg", index + 1);
  }

  private List<SyntheticScene.PlacedShape> writePicture(Path file, SplittableRandom random) {
    try (var _ = new PointerScope()) {
      SyntheticScene scene = new SyntheticScene(height, width, random);
      byte[] jpeg = encode(scene.draw());
      AtomicFile.write(file, out -> out.write(jpeg));
      return List.copyOf(scene.shapes());
    }
  }

  private static byte[] encode(Mat picture) {
    BytePointer file = new BytePointer();
    IntPointer options = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, QUALITY);
    if (!opencv_imgcodecs.imencode(".jpg", picture, file, options)) {
      throw new YoloxException("A picture cannot be encoded as JPEG");
    }
    byte[] bytes = new byte[Math.toIntExact(file.limit())];
    file.get(bytes);
    return bytes;
  }

  private GroundTruth groundTruth(Path source, List<List<SyntheticScene.PlacedShape>> shapes) {
    GroundTruthBuilder builder = new GroundTruthBuilder(source.toString());
    for (SyntheticShape shape : SyntheticShape.values()) {
      builder.addCategory(new GroundTruth.Category(shape.categoryId(), shape.label()));
    }
    for (int i = 0; i < shapes.size(); i++) {
      ImageId id = new ImageId.OfNumber(i + 1);
      builder.addImage(new GroundTruth.Image(id, fileName(i), width, height));
      for (SyntheticScene.PlacedShape placed : shapes.get(i)) {
        Outline outline = placed.outline();
        BoundingBox box =
            new BoundingBox(
                rounded(outline.left()),
                rounded(outline.top()),
                rounded(outline.right() - outline.left()),
                rounded(outline.bottom() - outline.top()));
        builder.add(id, placed.shape().categoryId(), box, rounded(outline.area()), 0, 0);
      }
    }
    return builder.build();
  }

  private static double rounded(double pixels) {
    return Math.round(pixels * PRECISION) / PRECISION;
  }
}
