package io.github.yolox4j.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a long work is: a bar on a terminal, now and then a line elsewhere. */
interface Progress extends AutoCloseable {

  /** Shows nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void update(long done, long total) {}

        @Override
        public void close() {}
      };

  /**
   * Tells how much is done.
   *
   * @param done units done
   * @param total all units; negative while unknown
   */
  void update(long done, long total);

  @Override
  void close();

  /** Starts showing a work. */
  static Progress of(Console console, String task, String unit) {
    return console.terminal() ? new Bar(console, task, unit) : new Lines(console, task, unit);
  }

  /** A bar that redraws itself. */
  final class Bar implements Progress {

    private final ProgressBar bar;

    private Bar(Console console, String task, String unit) {
      boolean bytes = unit.equals("B");
      bar =
          drawn(console)
              .setTaskName(task)
              .setUnit(bytes ? " MiB" : " " + unit, bytes ? 1 << 20 : 1)
              .build();
    }

    /** How a bar looks. */
    static ProgressBarBuilder drawn(Console console) {
      return new ProgressBarBuilder()
          .setInitialMax(-1)
          .setStyle(ProgressBarStyle.ASCII)
          .setConsumer(new ConsoleProgressBarConsumer(console.err()))
          .showSpeed();
    }

    @Override
    public void update(long done, long total) {
      bar.maxHint(total);
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line every few seconds. */
  final class Lines implements Progress {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(5);

    private final Console console;
    private final String task;
    private final String unit;
    private long next = System.nanoTime() + INTERVAL;

    private Lines(Console console, String task, String unit) {
      this.console = console;
      this.task = task;
      this.unit = unit;
    }

    @Override
    public void update(long done, long total) {
      if (System.nanoTime() - next >= 0) {
        next = System.nanoTime() + INTERVAL;
        console.tell(
            "%s: %,d%s %s",
            task, done, total < 0 ? "" : String.format(Locale.ROOT, " of %,d", total), unit);
      }
    }

    @Override
    public void close() {}
  }
}
