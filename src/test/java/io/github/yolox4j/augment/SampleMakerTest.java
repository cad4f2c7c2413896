package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.image.Letterbox;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMakerTest {

  private static final Letterbox INPUT = new Letterbox(64, 96);
  private static final int PIXELS = 64 * 96 * 3;
  private static final Augmentation SETTINGS = Augmentation.DEFAULT;

  /** Colours and flip never happen, so that single images show as they are. */
  private static final Augmentation PLAIN =
      new Augmentation(
          0,
          0,
          new RandomHsv(0, 5, 30, 30),
          new RandomFlip(0),
          RandomAffine.DEFAULT,
          0.5,
          1.5,
          4,
          EdgeBoxes.CUT);

  private static final Augmentation WITHOUT_MOSAIC =
      new Augmentation(
          0,
          1,
          SETTINGS.hsv(),
          SETTINGS.flip(),
          SETTINGS.affine(),
          SETTINGS.minMixupScale(),
          SETTINGS.maxMixupScale(),
          SETTINGS.maxLabels(),
          SETTINGS.edgeBoxes());

  @TempDir private Path folder;

  @SuppressWarnings("ArrayRecordComponent")
  private record Sample(byte[] pixels, float[] labels, int count) {}

  private static Sample make(TrainingSamples samples, int image, long pass, boolean mosaic) {
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      MemorySegment pixels = arena.allocate(PIXELS);
      Labels labels = maker.make(image, pass, mosaic, pixels);
      return new Sample(
          pixels.toArray(ValueLayout.JAVA_BYTE), LabelRows.of(labels), labels.total());
    }
  }

  private TrainingSamples samples(Dataset dataset, Augmentation settings) {
    return new TrainingSamples(dataset, settings, INPUT, 5, ImageCache.none());
  }

  @Test
  void sampleDependsOnSeedPassAndImageAlone() {
    TrainingSamples samples = samples(SmallDataset.make(folder), SETTINGS);
    Sample first = make(samples, 2, 3, true);
    make(samples, 4, 3, true);
    Sample again = make(samples, 2, 3, true);
    assertArrayEquals(first.pixels(), again.pixels());
    assertArrayEquals(first.labels(), again.labels());
    assertFalse(Arrays.equals(first.pixels(), make(samples, 2, 4, true).pixels()));
    assertFalse(Arrays.equals(first.pixels(), make(samples, 3, 3, true).pixels()));
  }

  @Test
  void boxesStayInTheSampleAndAreLargerThanAPixel() {
    TrainingSamples samples = samples(SmallDataset.make(folder), SETTINGS);
    int found = 0;
    for (int pass = 0; pass < 20; pass++) {
      for (int image = 0; image < samples.size(); image++) {
        Sample sample = make(samples, image, pass, true);
        for (int i = 0; i < sample.count(); i++) {
          float[] label = Arrays.copyOfRange(sample.labels(), 5 * i, 5 * i + 5);
          assertTrue(label[0] >= 0 && label[0] < 3 && label[0] == (int) label[0]);
          assertTrue(label[1] - label[3] / 2 >= -1e-4 && label[1] + label[3] / 2 <= 96 + 1e-4);
          assertTrue(label[2] - label[4] / 2 >= -1e-4 && label[2] + label[4] / 2 <= 64 + 1e-4);
        }
        found += sample.count();
      }
    }
    assertTrue(found > 500, "most samples have objects");
  }

  @Test
  void boxesAreClippedAndCrowdsLeftOut() {
    GroundTruthBuilder builder = SmallDataset.builder();
    ImageId id = SmallDataset.addImage(builder, 0, 96, 64);
    SmallDataset.writePicture(SmallDataset.file(folder, 0), 96, 64, new SplittableRandom(1));
    builder.add(id, 2, new BoundingBox(-10, -20, 30, 40));
    builder.addIgnored(id, 1, new BoundingBox(10, 10, 20, 20), true);
    builder.add(id, 1, new BoundingBox(80, 50, 100, 100));
    builder.add(id, 1, new BoundingBox(200, 50, 10, 10));
    builder.add(id, 1, new BoundingBox(20, 20, 0, 10));
    Sample sample = make(samples(new Dataset(builder.build(), folder), PLAIN), 0, 0, true);
    float[] expected = {2, 10, 10, 20, 20, 1, 88, 57, 16, 14};
    assertEquals(2, sample.count());
    assertArrayEquals(expected, sample.labels(), 1e-5f);
  }

  @Test
  void labelsBeyondTheMostAreDropped() {
    GroundTruthBuilder builder = SmallDataset.builder();
    ImageId id = SmallDataset.addImage(builder, 0, 96, 64);
    SmallDataset.writePicture(SmallDataset.file(folder, 0), 96, 64, new SplittableRandom(1));
    for (int i = 0; i < 9; i++) {
      builder.add(id, 1, new BoundingBox(i, 0, 10, 10));
    }
    Sample sample = make(samples(new Dataset(builder.build(), folder), PLAIN), 0, 0, true);
    assertEquals(4, sample.count());
    assertEquals(8, sample.labels()[16], "the first four");
  }

  /** As in the reference: the image stays as it was, with all its boxes. */
  @Test
  void whereOnlySpecksAreLeftTheyAreKeptAndTheImageIsUnchanged() {
    GroundTruthBuilder builder = SmallDataset.builder();
    ImageId id = SmallDataset.addImage(builder, 0, 96, 64);
    SmallDataset.writePicture(SmallDataset.file(folder, 0), 96, 64, new SplittableRandom(1));
    builder.add(id, 1, new BoundingBox(10, 20, 0.5, 30));
    Dataset dataset = new Dataset(builder.build(), folder);
    Sample plain = make(samples(dataset, PLAIN), 0, 0, false);
    Sample changed = make(samples(dataset, WITHOUT_MOSAIC), 0, 0, true);
    assertEquals(1, changed.count());
    assertArrayEquals(plain.pixels(), changed.pixels());
    assertArrayEquals(
        new float[] {1, 10.25f, 35, 0.5f, 30}, Arrays.copyOf(changed.labels(), 5), 1e-5f);
  }

  @Test
  void dataSetWithoutBoxesMakesSamplesWithoutLabels() {
    GroundTruthBuilder builder = SmallDataset.builder();
    for (int i = 0; i < 3; i++) {
      SmallDataset.addImage(builder, i, 50, 40);
      SmallDataset.writePicture(SmallDataset.file(folder, i), 50, 40, new SplittableRandom(i));
    }
    TrainingSamples samples = samples(new Dataset(builder.build(), folder), SETTINGS);
    for (int image = 0; image < 3; image++) {
      assertEquals(0, make(samples, image, 0, true).count());
      assertEquals(0, make(samples, image, 0, false).count());
    }
  }

  @Test
  void sizeThatTheDataSetDoesNotTellIsThatOfThePicture() {
    GroundTruthBuilder builder = SmallDataset.builder();
    ImageId id = SmallDataset.addImage(builder, 0, 0, 0);
    SmallDataset.writePicture(SmallDataset.file(folder, 0), 48, 32, new SplittableRandom(1));
    builder.add(id, 1, new BoundingBox(10, 10, 500, 10));
    Sample sample = make(samples(new Dataset(builder.build(), folder), PLAIN), 0, 0, false);
    assertArrayEquals(new float[] {1, 58, 30, 76, 20}, Arrays.copyOf(sample.labels(), 5), 1e-5f);
  }

  @Test
  void badPicturesAreRefusedByNameAndLeaveNothingBehind() throws IOException {
    Dataset dataset = SmallDataset.make(folder);
    TrainingSamples samples = samples(dataset, SETTINGS);
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      MemorySegment pixels = arena.allocate(PIXELS);
      for (int pass = 0; pass < 3; pass++) {
        for (int image = 0; image < samples.size(); image++) {
          maker.make(image, pass, pass != 1, pixels);
        }
      }
      long live = LiveNatives.count();
      for (int pass = 0; pass < 3; pass++) {
        for (int image = 0; image < samples.size(); image++) {
          maker.make(image, pass, pass != 1, pixels);
        }
      }
      LiveNatives.assertNoneLeftSince(live);
      Path file = SmallDataset.file(folder, 6);
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      assertRefused(maker, pixels, "Picture %s does not exist".formatted(file));
      Files.write(file, new byte[] {1, 2, 3});
      assertRefused(maker, pixels, "%s is not a picture that can be decoded".formatted(file));
      Files.write(file, Arrays.copyOf(content, content.length / 2));
      assertRefused(
          maker,
          pixels,
          "%s is cut off: its picture does not end within its %d bytes"
              .formatted(file, content.length / 2));
      SmallDataset.writePicture(file, 10, 11, new SplittableRandom(1));
      assertRefused(
          maker, pixels, "%s is 10x11; expected 98x28, which small.json tells".formatted(file));
      LiveNatives.assertNoneLeftSince(live);
    }
  }

  /** Alone, as a tile and as a partner. */
  private static void assertRefused(SampleMaker maker, MemorySegment pixels, String message) {
    RandomAffine.Draw affine = new RandomAffine.Draw(0, 0.5, 0, 0, 0, 0);
    for (SampleDraw draw :
        List.of(
            new SampleDraw(6, none(), none(), List.of()),
            new SampleDraw(
                0, some(new MosaicDraw(60, 60, List.of(0, 1, 2, 6), affine)), none(), List.of()),
            new SampleDraw(
                0,
                some(new MosaicDraw(60, 60, List.of(0, 1, 2, 3), affine)),
                some(new MixupDraw(1, true, 6, 0, 0)),
                List.of()))) {
      assertEquals(
          message, assertThrows(YoloxException.class, () -> maker.make(draw, pixels)).getMessage());
    }
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private static <T> Optional<T> some(T value) {
    return Optional.of(value);
  }

  @Test
  void tilesOutOfSightAreNotDecoded() throws IOException {
    TrainingSamples samples = samples(SmallDataset.make(folder), SETTINGS);
    Files.delete(SmallDataset.file(folder, 6));
    RandomAffine.Draw affine = new RandomAffine.Draw(0, 2, 0, 0, 0, 0);
    SampleDraw draw =
        new SampleDraw(
            0, some(new MosaicDraw(96, 64, List.of(0, 6, 6, 6), affine)), none(), List.of());
    try (Arena arena = Arena.ofConfined();
        SampleMaker maker = samples.maker()) {
      maker.make(draw, arena.allocate(PIXELS));
    }
  }

  @Test
  void boxThatIsNoNumberIsRefusedByName() {
    GroundTruthBuilder builder = SmallDataset.builder();
    ImageId id = SmallDataset.addImage(builder, 0, 48, 32);
    builder.add(id, 1, new BoundingBox(10, Double.NaN, 5, 5));
    Dataset dataset = new Dataset(builder.build(), folder);
    assertEquals(
        "small.json: image image0.png has a box (x 10.0, y NaN, width 5.0, height 5.0);"
            + " expected finite numbers",
        assertThrows(YoloxException.class, () -> samples(dataset, SETTINGS)).getMessage());
  }

  @Test
  void meansAreRoundedDown() {
    try (Mat sample = new Mat(64, 96, opencv_core.CV_8UC3);
        Mat partner = new Mat(64, 96, opencv_core.CV_8UC3);
        Blender blender = new Blender(INPUT, 1)) {
      byte[] first = new byte[PIXELS];
      byte[] second = new byte[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        first[i] = (byte) (i / 72);
        second[i] = (byte) (i % 256);
      }
      sample.data().put(first);
      partner.data().put(second);
      blender.blend(new Mixup(0, 96, 64, false, 3, 2, List.of()), partner, sample);
      byte[] found = new byte[PIXELS];
      sample.data().get(found);
      for (int i = 0; i < PIXELS; i++) {
        boolean reached = i / 3 % 96 < 93 && i / 288 < 62;
        int other = reached ? second[i + 2 * 288 + 9] & 0xFF : 0;
        assertEquals(((first[i] & 0xFF) + other) / 2, found[i] & 0xFF, "byte " + i);
      }
    }
  }
}
