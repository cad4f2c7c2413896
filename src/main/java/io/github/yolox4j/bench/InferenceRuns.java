package io.github.yolox4j.bench;

import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.function.Consumer;

/** From pictures in memory to the anchor points that may be detections, by the fastest engine. */
final class InferenceRuns implements Workload {

  private static final float SCORE = 0.3f;

  private final Engine engine;
  private final InputSize size;

  InferenceRuns(
      FoldedNetwork network,
      InputSize size,
      ComputeDevice device,
      Precision precision,
      Consumer<String> notices) {
    this.size = size;
    engine = EngineKind.AUTO.open(network, device, precision, notices);
  }

  @Override
  public int runsAhead() {
    return 1; // each ends with its predictions in memory
  }

  @Override
  public Batch batch(int pictures) {
    return new Batch() {
      @Override
      public void run(int times) {
        for (int i = 0; i < times; i++) {
          try (InferenceRequest request = engine.request(pictures, size.height(), size.width())) {
            request.run(SCORE);
          }
        }
      }

      @Override
      public void close() {
        // a request keeps nothing
      }
    };
  }

  @Override
  public void close() {
    engine.close();
  }
}
