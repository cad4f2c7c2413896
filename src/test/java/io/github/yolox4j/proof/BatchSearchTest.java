package io.github.yolox4j.proof;

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
  private Load.Kind limited(int most, String failure) {
    return new Load.Kind() {
      @Override
      public int timesAhead() {
        return 1;
      }

      @Override
      public Load of(int batch) {
        open.add(batch);
        return new Load() {
          @Override
          public void run(int times) {
            if (batch > most) {
              throw new RuntimeException(failure);
            }
          }

          @Override
          public void close() {
            open.removeIf(each -> each == batch);
          }
        };
      }
    };
  }

  private static BatchSearch.Found search(Load.Kind kind) {
    return BatchSearch.run(kind, ComputeDevice.CPU, 0.01, true);
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
