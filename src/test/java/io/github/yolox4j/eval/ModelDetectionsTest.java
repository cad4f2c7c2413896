package io.github.yolox4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelDetectionsTest {

  private static final int PROCESS = 3;
  private static int before;

  @TempDir static Path folder;

  @BeforeAll
  static void draw() {
    new SyntheticData(1, 6, 96, 96, 5).write(folder, _ -> {});
    before = IntraOpThreads.count();
    IntraOpThreads.set(PROCESS);
  }

  @AfterAll
  static void restore() {
    IntraOpThreads.set(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"TORCH", "TORCH_FUSED"})
  void picturesAreDetectedInByOneThreadEachWhileTheProcessKeepsItsNumber(EngineKind engine)
      throws InterruptedException {
    LibTorch.load();
    Set<Integer> workers = ConcurrentHashMap.newKeySet();
    Set<Integer> others = ConcurrentHashMap.newKeySet();
    DetectorOptions options = DetectorOptions.DEFAULTS.withEngine(engine);
    try (Detector detector = Detector.open(Path.of("models", "demo.pth"), options)) {
      Detections found =
          ModelDetections.detect(
              detector,
              Dataset.open(folder, "val"),
              Shard.ALL,
              ComputeDevice.CPU,
              1,
              _ -> {
                workers.add(IntraOpThreads.count());
                workers.add(LibTorch.threads());
                Thread.ofPlatform()
                    .start(
                        () -> {
                          others.add(IntraOpThreads.count());
                          others.add(LibTorch.threads());
                        });
              });
      assertTrue(found.size() > 0);
    }
    assertEquals(Set.of(1), workers);
    assertEquals(PROCESS, IntraOpThreads.count());
    assertEquals(PROCESS, LibTorch.threads());
    Thread late = Thread.ofPlatform().start(() -> others.add(LibTorch.threads()));
    late.join();
    assertEquals(Set.of(PROCESS), others);
  }
}
