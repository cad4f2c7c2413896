package io.github.yolox4j.proof;

import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.train.TrainingSpeed;
import java.util.ArrayList;
import java.util.List;

/** Steps of training on pictures that are on the device. */
final class TrainingMeasurement {

  private TrainingMeasurement() {}

  static List<Item> items(Subject subject) {
    List<Item> items = new ArrayList<>();
    for (Arithmetic arithmetic : Arithmetic.usual(subject.device())) {
      for (OfficialModel model : subject.models()) {
        items.add(
            new Item(
                model.key() + " " + arithmetic, () -> measure(subject, model.spec(), arithmetic)));
      }
    }
    return items;
  }

  private static Finding measure(Subject subject, ModelSpec spec, Arithmetic arithmetic) {
    arithmetic.allow();
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
