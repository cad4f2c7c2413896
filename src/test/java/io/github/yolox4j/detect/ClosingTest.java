package io.github.yolox4j.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.engine.OneDnnEngine;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing what other threads use. */
class ClosingTest {

  /** How often each engine is closed; {@code -Dyolox4j.test.closings=1000} for a long run. */
  private static final int CLOSINGS = Integer.getInteger("yolox4j.test.closings", 10);

  private static final int THREADS = 8;
  private static final int SIDE = 64;

  private static final FoldedNetwork NETWORK = FoldedNetwork.random(OfficialModel.NANO.spec(), 1);

  private static int threads;

  @BeforeAll
  static void oneThreadEach() {
    threads = LibTorch.threads();
    IntraOpThreads.set(1);
  }

  @AfterAll
  static void giveBackThreads() {
    IntraOpThreads.set(threads);
  }

  private static Detector open(EngineKind kind) {
    return Detector.of(
        NETWORK,
        DetectorOptions.DEFAULTS
            .withEngine(kind)
            .withConfidence(0.001)
            .withAugmentation(true)
            .withSize(new InputSize(SIDE, SIDE)));
  }

  private static Picture noise(Arena arena) {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    new Random(1).nextBytes(pixels);
    MemorySegment bgr = arena.allocate(pixels.length).copyFrom(MemorySegment.ofArray(pixels));
    return Picture.ofBgr(bgr, SIDE, SIDE, 3L * SIDE);
  }

  @ParameterizedTest
  @EnumSource(value = EngineKind.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void closingWaitsForDetectionsAndWhatComesAfterIsRefused(EngineKind kind) throws Exception {
    try (Arena arena = Arena.ofShared();
        Picture picture = noise(arena);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Detection> expected;
      try (Detector detector = open(kind)) {
        expected = detector.detect(picture);
      }
      assertFalse(expected.isEmpty());
      long live = LiveNatives.count();
      for (int i = 0; i < CLOSINGS; i++) {
        Detector detector = open(kind);
        CountDownLatch running = new CountDownLatch(THREADS);
        List<Future<String>> ends = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
          ends.add(
              pool.submit(
                  () -> {
                    running.countDown();
                    while (true) {
                      try {
                        assertEquals(expected, detector.detect(picture));
                      } catch (IllegalStateException e) {
                        return e.getMessage();
                      }
                    }
                  }));
        }
        running.await();
        detector.close();
        detector.close();
        for (Future<String> end : ends) {
          assertEquals("the detector is closed", end.get());
        }
      }
      LiveNatives.assertNoneLeftSince(live);
    }
  }

  @Test
  void aThreadDoesNotWaitForItself() {
    try (Engine engine = new OneDnnEngine(NETWORK, Precision.FP32, false)) {
      InferenceRequest request = engine.request(1, SIDE, SIDE);
      assertEquals(
          "the calling thread still uses what it closes",
          assertThrows(IllegalStateException.class, engine::close).getMessage());
      request.close();
      request.close();
    }
  }
}
