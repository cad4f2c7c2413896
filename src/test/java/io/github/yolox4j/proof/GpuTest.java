package io.github.yolox4j.proof;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every check of the proof on a GPU. */
@Tag("gpu")
class GpuTest {

  private static final Path GOLDEN = Path.of("..", "shared", "golden");
  private static final Path DEMO = Path.of("models", "demo.pth");

  @TempDir static Path scratch;

  @TestFactory
  Stream<DynamicTest> checks() {
    LibTorch.load();
    assumeTrue(torch.cuda_is_available(), "there is no GPU");
    Subject subject =
        new Subject(
            ComputeDevice.of("cuda"),
            Arrays.stream(OfficialModel.values()).toList(),
            Optional.of(GOLDEN).filter(Files::exists).map(ReferenceFigures::new),
            Optional.of(DEMO),
            0.1,
            scratch);
    List<Slice> measurements = List.of(Slice.TRAINING_SPEED, Slice.INFERENCE_SPEED);
    return Arrays.stream(Slice.values())
        .filter(slice -> !measurements.contains(slice))
        .flatMap(slice -> slice.items(subject).stream().map(item -> test(slice, item)));
  }

  private static DynamicTest test(Slice slice, Item item) {
    return DynamicTest.dynamicTest(
        "%s, %s".formatted(slice, item.name()),
        () -> {
          Finding finding = item.work().get();
          assumeTrue(finding.outcome() != Outcome.SKIPPED, finding::says);
          assertNotEquals(Outcome.FAILED, finding.outcome(), finding::says);
        });
  }
}
