package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.plan.InputShape;
import io.github.yolox4j.plan.Kernels;
import io.github.yolox4j.plan.Plan;
import io.github.yolox4j.plan.PlanOptions;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which plans are kept, and whose memory a run gets. */
class PlanCacheTest {

  private final AtomicInteger compiled = new AtomicInteger();
  private Kernels kernels;
  private PlanCache plans;

  @BeforeEach
  void open() {
    assumeTrue(OneDnn.absence().isEmpty(), () -> OneDnn.absence().get());
    kernels = new Kernels(FoldedNetwork.random(OfficialModel.NANO.spec(), 1));
    plans =
        new PlanCache(
            key -> {
              compiled.incrementAndGet();
              return new Plan(
                  kernels,
                  key.shape(),
                  new PlanOptions(ElementType.BYTE, ElementType.FLOAT, false, key.threads()));
            });
  }

  @AfterEach
  void close() {
    if (plans != null) {
      plans.close();
      kernels.close();
    }
  }

  @Test
  void shapeIsCompiledOnceAndItsMemoryUsedAgain() {
    Object first;
    try (var lease = plans.lease(key(64))) {
      first = lease.workspace();
    }
    try (var lease = plans.lease(key(64))) {
      assertSame(first, lease.workspace());
      try (var other = plans.lease(key(64))) {
        assertNotSame(first, other.workspace());
      }
    }
    assertEquals(1, compiled.get());
  }

  @Test
  void manySizesAreNotAllKept() {
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i <= 20; i++) {
        plans.lease(key(32 * i)).close();
      }
    }
    assertEquals(40, compiled.get());
    plans.lease(key(640)).close();
    assertEquals(40, compiled.get());
  }

  @Test
  void planInUseOutlivesItsEviction() {
    try (var lease = plans.lease(key(32))) {
      for (int i = 2; i <= 20; i++) {
        plans.lease(key(32 * i)).close();
      }
      lease.workspace().run();
    }
  }

  @Test
  void failedCompilationIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    try (PlanCache failing =
        new PlanCache(
            _ -> {
              throw new YoloxException("try " + tries.incrementAndGet());
            })) {
      assertThrows(YoloxException.class, () -> failing.lease(key(32)));
      assertEquals(
          "try 2", assertThrows(YoloxException.class, () -> failing.lease(key(32))).getMessage());
    }
  }

  @Test
  void aClosedPassIsRefused() {
    var lease = plans.lease(key(32));
    lease.close();
    lease.close();
    assertThrows(IllegalStateException.class, lease::workspace);
  }

  private static PlanCache.Key key(int side) {
    return new PlanCache.Key(new InputShape(1, side, 32), 1);
  }
}
