package io.github.yolox4j.cli;

import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.report.TensorBoardEvents;
import io.github.yolox4j.report.TrainingReport;
import io.github.yolox4j.train.Trainer;
import io.github.yolox4j.train.TrainingListener;
import io.github.yolox4j.train.TrainingPlan;
import io.github.yolox4j.train.TrainingResult;
import java.util.List;
import java.util.Optional;

/** A training run with everything that the command line writes about one. */
final class TrainingSession {

  private TrainingSession() {}

  /** Trains, told about on a console, in TensorBoard events and in a page. */
  static TrainingResult run(TrainingPlan plan, TrainingListener display) {
    try (Ranks alone = Ranks.join(Optional.empty(), plan.device(), Ranks.PATIENCE)) {
      return run(plan, alone, display);
    }
  }

  /** Trains with other processes; the first of them writes and displays. */
  static TrainingResult run(TrainingPlan plan, Ranks ranks, TrainingListener display) {
    if (!ranks.first()) {
      return Trainer.train(plan, ranks, _ -> {});
    }
    try (TensorBoardEvents events = new TensorBoardEvents(plan.folder())) {
      List<TrainingListener> listeners =
          List.of(events, new TrainingReport(plan.folder()), display);
      return Trainer.train(plan, ranks, event -> listeners.forEach(listener -> listener.on(event)));
    }
  }
}
