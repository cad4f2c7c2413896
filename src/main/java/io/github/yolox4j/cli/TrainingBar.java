package io.github.yolox4j.cli;

import io.github.yolox4j.report.TrainingLines;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;

/**
 * Shows on a terminal how far training is: a bar over all iterations in place of the lines about
 * single ones. It makes room for every other line.
 */
final class TrainingBar implements TrainingListener, AutoCloseable {

  /** ANSI's erasure of a line. */
  private static final String WIPE = "\r\033[K";

  private final Console console;
  private final TrainingLines lines;
  private int epochs;
  private long iterations;
  private volatile Duration left; // the bar is drawn by a thread of its own
  private ProgressBar bar; // null while there is none on the terminal

  TrainingBar(Console console, TrainingLines lines) {
    this.console = console;
    this.lines = lines;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Stepped step -> show(step);
      case TrainingEvent.FirstBatch _, TrainingEvent.Saved _ -> {}
      case TrainingEvent.Started started -> {
        epochs = started.recipe().epochs();
        iterations = epochs * started.iterationsPerEpoch();
        lines.on(started);
      }
      case TrainingEvent.Evaluated _, TrainingEvent.Noticed _, TrainingEvent.Finished _ -> {
        close();
        lines.on(event);
      }
    }
  }

  private void show(TrainingEvent.Stepped step) {
    left = Duration.ofSeconds(Math.round(step.secondsLeft()));
    if (bar == null) {
      bar =
          Progress.Bar.drawn(console)
              .setTaskName("Training")
              .setInitialMax(iterations)
              .startsFrom(step.step(), Duration.ZERO)
              .setEtaFunction(_ -> Optional.of(left))
              .setConsumer(new Wiped(console))
              .build();
    }
    bar.stepTo(step.step());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " epoch %d/%d, loss %.3f, %.1f images/s",
            step.epoch(),
            epochs,
            step.losses().total(),
            step.imagesPerSecond()));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      console.err().print(WIPE);
    }
  }

  /** Ends without a line of its own, which the library adds or not, as its threads meet. */
  private static final class Wiped extends ConsoleProgressBarConsumer {

    Wiped(Console console) {
      super(console.err());
    }

    @Override
    public void close() {}
  }
}
