package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;

/** Plans of oneDNN's own convolutions. */
class OneDnnEngineTest extends OneDnnEngineContract {

  @Override
  OneDnnEngine open(FoldedNetwork network, ElementType pictures) {
    return new OneDnnEngine(network, Precision.FP32, false, pictures);
  }
}
