package io.github.yolox4j.augment;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.image.Picture;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/** A data set of noisy pictures of several sizes with an object or two each. */
final class SmallDataset {

  static final int IMAGES = 7;

  private static final int CLASSES = 3;

  private SmallDataset() {}

  static Dataset make(Path folder) {
    SplittableRandom random = new SplittableRandom(3);
    GroundTruthBuilder builder = builder();
    for (int i = 0; i < IMAGES; i++) {
      int width = 20 + 13 * i;
      int height = 70 - 7 * i;
      ImageId id = addImage(builder, i, width, height);
      writePicture(file(folder, i), width, height, random);
      for (int k = 0; k <= i % 2; k++) {
        double x = random.nextDouble(0.5 * width);
        double y = random.nextDouble(0.5 * height);
        builder.add(id, k, new BoundingBox(x, y, 0.4 * width, 0.4 * height));
      }
    }
    return new Dataset(builder.build(), folder);
  }

  static GroundTruthBuilder builder() {
    GroundTruthBuilder builder = new GroundTruthBuilder("small.json");
    for (int k = 0; k < CLASSES; k++) {
      builder.addCategory(new GroundTruth.Category(k, "class " + k));
    }
    return builder;
  }

  static ImageId addImage(GroundTruthBuilder builder, int number, int width, int height) {
    ImageId id = new ImageId.OfNumber(number);
    builder.addImage(new GroundTruth.Image(id, name(number), width, height));
    return id;
  }

  static Path file(Path folder, int number) {
    return folder.resolve(name(number));
  }

  private static String name(int number) {
    return "image%d.png".formatted(number);
  }

  static void writePicture(Path file, int width, int height, SplittableRandom random) {
    byte[] pixels = new byte[3 * width * height];
    random.nextBytes(pixels);
    try (Picture picture =
        Picture.ofBgr(MemorySegment.ofArray(pixels), width, height, 3L * width)) {
      opencv_imgcodecs.imwrite(file.toString(), picture.mat());
    }
  }
}
