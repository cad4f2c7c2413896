package io.github.yolox4j.proof;

import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.List;

/** From pictures in memory to the anchor points that may be detections. */
final class InferenceMeasurement {

  private static final float SCORE = 0.3f;

  private InferenceMeasurement() {}

  static List<Item> items(Subject subject) {
    return SpeedFinding.items(subject, (spec, arithmetic) -> measure(subject, spec, arithmetic));
  }

  private static Finding measure(Subject subject, ModelSpec spec, Arithmetic arithmetic) {
    try (Engine engine =
        EngineKind.AUTO.open(
            FoldedNetwork.random(spec, 1), subject.device(), arithmetic.precision(), _ -> {})) {
      return SpeedFinding.measure(new Passes(engine, spec), subject.device(), subject.seconds());
    }
  }

  /** Passes of an engine; each ends with its predictions in memory. */
  private record Passes(Engine engine, ModelSpec spec) implements Load.Kind {

    @Override
    public int timesAhead() {
      return 1;
    }

    @Override
    public Load of(int batch) {
      return new Load() {
        @Override
        public void run(int times) {
          for (int i = 0; i < times; i++) {
            try (InferenceRequest request =
                engine.request(batch, spec.inputHeight(), spec.inputWidth())) {
              request.run(SCORE);
            }
          }
        }

        @Override
        public void close() {
          // a pass keeps nothing
        }
      };
    }
  }
}
