package io.github.yolox4j.proof;

import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.train.TrainingSpeed;
import java.util.List;

/** Steps of training on pictures that are on the device. */
final class TrainingMeasurement {

  private TrainingMeasurement() {}

  static List<Item> items(Subject subject) {
    return SpeedFinding.items(subject, (spec, arithmetic) -> measure(subject, spec, arithmetic));
  }

  private static Finding measure(Subject subject, ModelSpec spec, Arithmetic arithmetic) {
    ComputeDevice device = subject.device();
    try (TrainingSpeed speed =
        new TrainingSpeed(
            spec, spec.inputHeight(), spec.inputWidth(), device, arithmetic.precision())) {
      return SpeedFinding.measure(
          new Steps(speed, TrainingSpeed.stepsAhead(device)), device, subject.seconds());
    }
  }

  private record Steps(TrainingSpeed speed, int timesAhead) implements Load.Kind {

    @Override
    public Load of(int size) {
      TrainingSpeed.Batch batch = speed.batch(size);
      return new Load() {
        @Override
        public void run(int times) {
          speed.train(batch, times);
        }

        @Override
        public void close() {
          batch.close();
        }
      };
    }
  }
}
