package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.plan.Winograd;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import org.junit.jupiter.api.BeforeEach;

/** Plans with Winograd's method. */
class WinogradEngineTest extends OneDnnEngineContract {

  @BeforeEach
  void requireVectors() {
    assumeTrue(Winograd.absence().isEmpty(), () -> Winograd.absence().get());
  }

  @Override
  OneDnnEngine open(FoldedNetwork network, ElementType pictures) {
    return new OneDnnEngine(network, Precision.FP32, true, pictures);
  }
}
