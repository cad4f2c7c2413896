package io.github.yolox4j.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.image.Letterbox;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BatchLoaderTest {

  private static final Letterbox INPUT = new Letterbox(64, 96);
  private static final int BATCHES = 8;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Dataset dataset;
  private Sampler sampler;

  @BeforeEach
  void make() {
    dataset = SmallDataset.make(folder);
    sampler = new Sampler(SmallDataset.IMAGES, 11, 0, 1);
  }

  private TrainingSamples samples(ImageCache cache) {
    return new TrainingSamples(dataset, Augmentation.DEFAULT, INPUT, 11, cache);
  }

  private static boolean mosaicBefore5(long number) {
    return number < 5;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Copy(long number, byte[] pixels, float[] labels, List<String> files) {

    static Copy of(Batch batch) {
      return new Copy(
          batch.number(),
          batch.pixels().toArray(ValueLayout.JAVA_BYTE),
          LabelRows.of(batch.labels()),
          files(batch));
    }

    static List<String> files(Batch batch) {
      return IntStream.range(0, batch.size()).mapToObj(batch.labels()::name).toList();
    }

    void assertSame(Copy other) {
      assertEquals(number, other.number);
      assertArrayEquals(pixels, other.pixels);
      assertArrayEquals(labels, other.labels);
      assertEquals(files, other.files);
    }
  }

  private List<Copy> batches(int size, int threads, long first) throws InterruptedException {
    List<Copy> batches = new ArrayList<>();
    try (BatchLoader loader =
        new BatchLoader(
            samples(ImageCache.none()),
            sampler,
            size,
            threads,
            first,
            BatchLoaderTest::mosaicBefore5,
            LIMIT)) {
      for (long number = first; number < BATCHES; number++) {
        try (Batch batch = loader.next()) {
          batches.add(Copy.of(batch));
        }
      }
    }
    return batches;
  }

  @ParameterizedTest
  @CsvSource({"4, 2", "4, 3", "2, 5", "1, 3"})
  void batchesAreTheSameForAnyNumberOfThreads(int size, int threads) throws InterruptedException {
    List<Copy> expected = batches(size, 1, 0);
    List<Copy> found = batches(size, threads, 0);
    for (int i = 0; i < BATCHES; i++) {
      assertEquals(i, found.get(i).number());
      expected.get(i).assertSame(found.get(i));
    }
  }

  @Test
  void resumingGivesWhatGoingThroughGives() throws InterruptedException {
    List<Copy> through = batches(4, 2, 0);
    List<Copy> resumed = batches(4, 2, 3);
    for (int i = 3; i < BATCHES; i++) {
      through.get(i).assertSame(resumed.get(i - 3));
    }
  }

  @Test
  void batchHoldsTheSamplesOfItsImages() throws InterruptedException {
    try (BatchLoader loader =
            new BatchLoader(
                samples(ImageCache.none()),
                sampler,
                4,
                2,
                0,
                BatchLoaderTest::mosaicBefore5,
                LIMIT);
        Batch batch = loader.next()) {
      assertEquals(4, batch.size());
      assertEquals(64, batch.height());
      assertEquals(96, batch.width());
      assertEquals(4L * 64 * 96 * 3, batch.pixels().byteSize());
      try (Arena arena = Arena.ofConfined();
          SampleMaker maker = samples(ImageCache.none()).maker()) {
        MemorySegment pixels = arena.allocate(64 * 96 * 3);
        for (int i = 0; i < 4; i++) {
          Sampler.Pick pick = sampler.at(i);
          assertEquals(SmallDataset.file(folder, pick.image()).toString(), batch.labels().name(i));
          Labels alone = maker.make(pick.image(), pick.pass(), true, pixels);
          assertEquals(alone.total(), batch.labels().count(i));
          int first = batch.labels().first(i);
          for (int object = 0; object < alone.total(); object++) {
            assertEquals(alone.classId(object), batch.labels().classId(first + object));
            assertEquals(alone.x(object), batch.labels().x(first + object));
            assertEquals(alone.height(object), batch.labels().height(first + object));
          }
          assertEquals(
              -1,
              pixels.mismatch(batch.pixels().asSlice(i * pixels.byteSize(), pixels.byteSize())));
        }
      }
    }
  }

  @Test
  void memoryIsBounded() throws InterruptedException {
    TrainingSamples samples = samples(ImageCache.none());
    try (BatchLoader loader =
        new BatchLoader(samples, sampler, 2, 2, 0, BatchLoaderTest::mosaicBefore5, LIMIT)) {
      Batch first = loader.next();
      Batch second = loader.next();
      Batch third = loader.next();
      assertThrows(IllegalStateException.class, loader::next);
      long address = second.pixels().address();
      second.close();
      second.close();
      try (Batch fourth = loader.next()) {
        assertEquals(address, fourth.pixels().address());
      }
      first.close();
      third.close();
    }
  }

  @Test
  void errorComesWithItsBatchAndNamesTheImage() throws IOException, InterruptedException {
    Path file = SmallDataset.file(folder, sampler.at(5).image());
    Files.delete(file);
    LongPredicate never = _ -> false;
    long live = LiveNatives.count();
    try (BatchLoader loader =
        new BatchLoader(samples(ImageCache.none()), sampler, 2, 2, 0, never, LIMIT)) {
      loader.next().close();
      loader.next().close();
      for (int attempt = 0; attempt < 2; attempt++) {
        assertEquals(
            "Picture %s does not exist".formatted(file),
            assertThrows(YoloxException.class, loader::next).getMessage());
      }
    }
    LiveNatives.assertNoneLeftSince(live);
  }

  /** A disk that answers only when it is told to. */
  private static final class StuckCache extends ImageCache {
    private final CountDownLatch answer = new CountDownLatch(1);

    @Override
    FittedPicture fitted(Path file, Letterbox input) {
      try {
        answer.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new YoloxException("answered");
    }
  }

  @Test
  void sampleThatIsStuckIsNamed() {
    StuckCache stuck = new StuckCache();
    Path file = SmallDataset.file(folder, sampler.at(0).image());
    try (BatchLoader loader =
        new BatchLoader(
            samples(stuck),
            sampler,
            1,
            1,
            0,
            BatchLoaderTest::mosaicBefore5,
            Duration.ofMillis(50))) {
      String message = assertThrows(YoloxException.class, loader::next).getMessage();
      assertTrue(message.startsWith(file + ": its sample is not ready after"), message);
      assertTrue(loader.waitedNanos() >= 0);
    } finally {
      stuck.answer.countDown();
    }
  }

  @Test
  void waitingCanBeInterrupted() {
    StuckCache stuck = new StuckCache();
    try (BatchLoader loader =
        new BatchLoader(samples(stuck), sampler, 1, 1, 0, BatchLoaderTest::mosaicBefore5, LIMIT)) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, loader::next);
      stuck.answer.countDown();
    }
  }

  @Test
  void closingEndsTheThreadsAndFreesTheMemory() throws InterruptedException {
    batches(2, 2, 0);
    long live = LiveNatives.count();
    BatchLoader loader =
        new BatchLoader(
            samples(ImageCache.none()), sampler, 2, 3, 0, BatchLoaderTest::mosaicBefore5, LIMIT);
    Batch batch = loader.next();
    loader.close();
    loader.close();
    LiveNatives.assertNoneLeftSince(live);
    assertFalse(batch.pixels().scope().isAlive());
    batch.close();
    assertThrows(IllegalStateException.class, loader::next);
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("samples-")));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    TrainingSamples samples = samples(ImageCache.none());
    assertEquals(
        "The batch size is 0; expected at least 1",
        assertThrows(
                YoloxException.class,
                () ->
                    new BatchLoader(
                        samples, sampler, 0, 1, 0, BatchLoaderTest::mosaicBefore5, LIMIT))
            .getMessage());
    assertThrows(
        YoloxException.class,
        () -> new BatchLoader(samples, sampler, 1, 0, 0, BatchLoaderTest::mosaicBefore5, LIMIT));
    assertThrows(
        YoloxException.class,
        () -> new BatchLoader(samples, sampler, 1, 1, -1, BatchLoaderTest::mosaicBefore5, LIMIT));
    Sampler other = new Sampler(SmallDataset.IMAGES + 1, 0, 0, 1);
    assertThrows(
        YoloxException.class,
        () -> new BatchLoader(samples, other, 1, 1, 0, BatchLoaderTest::mosaicBefore5, LIMIT));
  }
}
