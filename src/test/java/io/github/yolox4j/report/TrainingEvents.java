package io.github.yolox4j.report;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.train.Recipe;
import io.github.yolox4j.train.TrainingEvent;
import java.util.List;
import java.util.Optional;

/** What a trainer tells its listeners. */
final class TrainingEvents {

  static final double RATE = 0.00125;
  static final int ITERATIONS = 100;

  private TrainingEvents() {}

  static TrainingEvent.Started started(long iteration) {
    return started(iteration, List.of("cat", "dog"), Optional.empty());
  }

  static TrainingEvent.Started started(
      long iteration, List<String> classes, Optional<Dataset> validation) {
    return new TrainingEvent.Started(
        OfficialModel.NANO.spec(),
        Recipe.of(OfficialModel.NANO.spec()),
        classes,
        1600,
        validation,
        ITERATIONS,
        iteration);
  }

  static TrainingEvent.Stepped stepped(int epoch, long step, double loss) {
    return new TrainingEvent.Stepped(
        epoch,
        (step - 1) % ITERATIONS + 1,
        step,
        RATE,
        416,
        416,
        new LossValues(loss, loss / 2, 0, loss / 4, loss / 8, 2.5),
        123.4,
        0.01,
        60,
        1L << 30,
        0);
  }

  static TrainingEvent.Evaluated evaluated(int epoch, long step, Detections detections) {
    return new TrainingEvent.Evaluated(
        epoch, step, CocoEvaluator.evaluate(detections).metrics(), true, detections);
  }

  static Detections emptyDetections() {
    return new Detections(new GroundTruthBuilder("nothing").build());
  }

  /** One small object, which is found. */
  static Detections oneFound() {
    GroundTruthBuilder truth = new GroundTruthBuilder("one");
    ImageId id = new ImageId.OfNumber(1);
    truth.addCategory(new GroundTruth.Category(1, "dog"));
    truth.addImage(new GroundTruth.Image(id, "1.png", 100, 100));
    truth.add(id, 1, new BoundingBox(10, 10, 20, 20));
    Detections detections = new Detections(truth.build());
    detections.add(0, 0, new BoundingBox(10, 10, 20, 20), 0.9);
    return detections;
  }
}
