package io.github.yolox4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.tensor.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest batch that fits, with a load that takes as much memory as it has pictures. */
class BatchSearchTest {

  private final List<Integer> open = new ArrayList<>();

  /** Fits up to a batch, takes no time for any. */
  private Workload limited(int most, String failure) {
    return new Workload() {
      @Override
      public int runsAhead() {
        return 1;
      }

      @Override
      public Batch batch(int size) {
        open.add(size);
        return new Batch() {
          @Override
          public void run(int times) {
            if (size > most) {
              throw new RuntimeException(failure);
            }
          }

          @Override
          public void close() {
            open.removeIf(each -> each == size);
          }
        };
      }

      @Override
      public void close() {
        // it has nothing of its own
      }
    };
  }

  private static BatchSearch.Found search(Workload workload) {
    return BatchSearch.run(workload, ComputeDevice.CPU, 0.01, true);
  }

  private static List<Integer> batches(BatchSearch.Found found) {
    return found.speeds().stream().map(BatchSpeed::batch).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 13})
  void largestBatchThatFitsIsMeasuredToo(int most) {
    BatchSearch.Found found = search(limited(most, "CUDA out of memory. Tried 2 GiB"));
    assertEquals(most, batches(found).getLast());
    assertEquals(most + 1, found.refused());
    assertEquals(Optional.empty(), found.failure());
    assertEquals(1, batches(found).getFirst());
    assertEquals(List.of(), open);
  }

  @Test
  void failureOfAnotherKindIsTold() {
    BatchSearch.Found found = search(limited(1, "no kernel image\nstack"));
    assertEquals(List.of(1), batches(found));
    assertEquals(2, found.refused());
    assertEquals(Optional.of("no kernel image"), found.failure());
  }

  @Test
  void singlePictureThatDoesNotFitIsAFailure() {
    assertThrows(RuntimeException.class, () -> search(limited(0, "out of memory")));
    assertTrue(open.isEmpty());
  }
}
