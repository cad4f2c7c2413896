package io.github.yolox4j.report;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import io.github.yolox4j.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a page about a training run after every evaluation and at its end, whole or not at all.
 * The page needs no other file. Its curves are those of the run's log, which the trainer writes
 * before it tells a listener. For use by one thread.
 */
public final class TrainingReport implements TrainingListener {

  private final RunFolder run;
  private final List<BatchPictures> samples = new ArrayList<>();
  private Optional<TrainingEvent.Started> started = Optional.empty();
  private Optional<TrainingEvent.Evaluated> evaluated = Optional.empty();

  /**
   * Prepares a report.
   *
   * @param run the run, whose folder exists
   */
  public TrainingReport(RunFolder run) {
    this.run = run;
  }

  /**
   * Takes note, and writes the page if there is something new to show.
   *
   * @throws YoloxException if the page cannot be written or the log cannot be read
   */
  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started begun -> started = Optional.of(begun);
      case TrainingEvent.FirstBatch first ->
          started.ifPresent(run -> samples.add(BatchPictures.of(first.batch(), run.classNames())));
      case TrainingEvent.Evaluated latest -> {
        evaluated = Optional.of(latest);
        write(Optional.empty());
      }
      case TrainingEvent.Finished finished -> write(Optional.of(finished.result()));
      case TrainingEvent.Stepped _, TrainingEvent.Saved _, TrainingEvent.Noticed _ -> {}
    }
  }

  private void write(Optional<TrainingResult> result) {
    started.ifPresent(
        begun -> {
          TrainingPage page =
              new TrainingPage(
                  begun, TrainingLog.read(run.metrics()), List.copyOf(samples), evaluated, result);
          HtmlPage.write(run.report(), page.title(), page::writeTo);
        });
  }
}
