package io.github.yolox4j.report;

import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import io.github.yolox4j.train.TrainingResult;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells in lines for people how training goes on: now and then, and of each evaluation. */
public final class TrainingLines implements TrainingListener {

  private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

  private final RunFolder folder;
  private final Consumer<String> lines;
  private long nextLine = System.nanoTime();
  private int epochs;
  private long perEpoch;

  /**
   * Prepares to tell of a run.
   *
   * @param folder the run's
   * @param lines takes each line
   */
  public TrainingLines(RunFolder folder, Consumer<String> lines) {
    this.folder = folder;
    this.lines = lines;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started started -> start(started);
      case TrainingEvent.Stepped step -> step(step);
      case TrainingEvent.Evaluated evaluated -> evaluated(evaluated);
      case TrainingEvent.Noticed noticed -> line("%s", noticed.message());
      case TrainingEvent.Finished finished -> finished(finished.result());
      case TrainingEvent.FirstBatch _, TrainingEvent.Saved _ -> {}
    }
  }

  private void start(TrainingEvent.Started started) {
    epochs = started.recipe().epochs();
    perEpoch = started.iterationsPerEpoch();
    line(
        "%s %s on %,d images of %d classes: %d epochs of %,d iterations, batch %d, input %dx%d",
        started.iteration() == 0 ? "Training" : "Going on to train",
        started.spec().name(),
        started.images(),
        started.classNames().size(),
        epochs,
        perEpoch,
        started.recipe().batch(),
        started.spec().inputWidth(),
        started.spec().inputHeight());
    if (started.iteration() > 0) {
      line("%,d iterations are done", started.iteration());
    }
    if (started.validation().isEmpty()) {
      line("There are no images to measure accuracy on; best.pth is the latest");
    }
  }

  private void step(TrainingEvent.Stepped step) {
    if (System.nanoTime() - nextLine < 0) {
      return;
    }
    nextLine = System.nanoTime() + INTERVAL;
    line(
        "epoch %d/%d  %d/%d  size %d  lr %.2e  loss %.3f (box %.3f, obj %.3f, cls %.3f%s)"
            + "  %.1f images/s, %.0f %% waiting, %,d MiB%s, %s left",
        step.epoch(),
        epochs,
        step.iteration(),
        perEpoch,
        step.height(),
        step.rate(),
        step.losses().total(),
        step.losses().box(),
        step.losses().objectness(),
        step.losses().classes(),
        step.losses().l1() > 0 ? String.format(Locale.ROOT, ", l1 %.3f", step.losses().l1()) : "",
        step.imagesPerSecond(),
        100 * step.waiting(),
        step.memory() >> 20,
        step.deviceMemory() > 0
            ? String.format(Locale.ROOT, " (GPU %,d)", step.deviceMemory() >> 20)
            : "",
        time(step.secondsLeft()));
  }

  private void evaluated(TrainingEvent.Evaluated evaluated) {
    line(
        "epoch %d/%d  AP %.4f  AP50 %.4f%s",
        evaluated.epoch(),
        epochs,
        evaluated.metrics().ap(),
        evaluated.metrics().ap50(),
        evaluated.best() ? "  (best so far)" : "");
  }

  private void finished(TrainingResult result) {
    line("Trained %d epochs in %s", result.epochs(), time(result.seconds()));
    result.bestAp().ifPresent(ap -> line("Best AP %.4f after epoch %d", ap, result.bestEpoch()));
    line("Weights: %s", folder.best());
    line("Report: %s", folder.report());
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole % 3600 / 60);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  private void line(String format, Object... values) {
    lines.accept(String.format(Locale.ROOT, format, values));
  }
}
