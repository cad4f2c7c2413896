package io.github.yolox4j.ffi.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SilenceTest {

  /** Calls what fails, and prints what that is. */
  static final class Program {

    private Program() {}

    public static void main(String[] none) {
      Operator matmul = Operator.of("aten::matmul(Tensor self, Tensor other) -> Tensor");
      Operator unknown = Operator.of("aten::nonesuch(Tensor self) -> Tensor");
      try (Arena arena = Arena.ofConfined();
          TensorHandle a =
              TensorHandle.view(
                  arena.allocate(24), DType.FLOAT32, new long[] {2, 3}, new long[] {3, 1})) {
        print(() -> matmul.call(a, a));
        print(() -> unknown.call(a));
      }
    }

    private static void print(Runnable failing) {
      try {
        failing.run();
      } catch (YoloxException failure) {
        System.out.println(failure.getMessage());
      }
    }
  }

  @Test
  void libtorchPrintsNothingOfItsOwnWhenACallFails() throws IOException, InterruptedException {
    assertEquals(
        List.of(
            "libtorch's aten::matmul failed on (self float32[2, 3], other float32[2, 3])",
            "libtorch 2.10.0 has no operator aten::nonesuch"),
        ChildJvm.linesOf(Pattern.compile("^$"), List.of(), Program.class));
  }
}
