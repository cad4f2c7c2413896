package io.github.yolox4j.report;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.train.Trainer;
import io.github.yolox4j.train.TrainingListener;
import io.github.yolox4j.train.TrainingPlan;
import io.github.yolox4j.train.TrainingResult;

/** Training that is also told about in TensorBoard events and on a page. */
public final class ReportedTraining {

  private ReportedTraining() {}

  /**
   * Trains, as {@link Trainer#train(TrainingPlan, TrainingListener)}.
   *
   * @param plan what is trained, whose folder gets the events and the page
   * @param display is told what happens after these have been written
   * @return how it ended
   * @throws YoloxException as the trainer, or if a report cannot be written
   */
  public static TrainingResult run(TrainingPlan plan, TrainingListener display) {
    return run(plan, Ranks.alone(), display);
  }

  /**
   * Trains with other processes, as {@link Trainer#train(TrainingPlan, Ranks, TrainingListener)};
   * the first of them writes and displays.
   *
   * @param plan what is trained, whose folder gets the events and the page
   * @param ranks the processes
   * @param display is told what happens, on rank 0
   * @return how it ended
   * @throws YoloxException as the trainer, or if a report cannot be written
   */
  public static TrainingResult run(TrainingPlan plan, Ranks ranks, TrainingListener display) {
    if (!ranks.first()) {
      return Trainer.train(plan, ranks, _ -> {});
    }
    TrainingReport page = new TrainingReport(plan.folder());
    try (TensorBoardEvents events = new TensorBoardEvents(plan.folder())) {
      return Trainer.train(
          plan,
          ranks,
          event -> {
            events.on(event);
            page.on(event);
            display.on(event);
          });
    }
  }
}
