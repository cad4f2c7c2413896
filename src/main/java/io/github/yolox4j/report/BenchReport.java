package io.github.yolox4j.report;

import io.github.yolox4j.bench.BatchSpeed;
import io.github.yolox4j.bench.BenchResult;
import io.github.yolox4j.bench.EngineSpeed;
import io.github.yolox4j.bench.SpeedByBatch;
import io.github.yolox4j.bench.SpeedByBatch.Work;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A page about a model's speed on a machine. */
public final class BenchReport {

  private static final String TEXT = "name";

  private final BenchResult result;
  private final Markup html;

  private BenchReport(BenchResult result, Markup html) {
    this.result = result;
    this.html = html;
  }

  /**
   * Writes the page, which needs no other file.
   *
   * @param target the file to make or replace, whole or not at all
   * @param result the figures
   * @throws io.github.yolox4j.YoloxException if the file cannot be written
   */
  public static void write(Path target, BenchResult result) {
    String title = "Speed of %s at %s".formatted(result.network().spec().name(), result.size());
    HtmlPage.write(target, title, html -> new BenchReport(result, html).writeBody());
  }

  private void writeBody() {
    HtmlPage.writeFacts(html, result.machine());
    html.element("h2", "Engines");
    writeTable(
        new Table<EngineSpeed>(TEXT)
            .text("Engine", speed -> speed.kind().key())
            .text("Precision", speed -> speed.precision().key())
            .number("Median ms", speed -> decimals(2, speed.medianMilliseconds()))
            .number("90 % ms", speed -> decimals(2, speed.slowMilliseconds()))
            .number("GFLOP/s", speed -> decimals(1, speed.gigaflops()))
            .number("Images/s", speed -> decimals(1, speed.imagesPerSecond()))
            .number("Batch", speed -> Numbers.count(speed.bestBatch())),
        result.engines());
    result
        .detector()
        .ifPresent(
            speed ->
                html.element(
                    "p",
                    String.format(
                        Locale.ROOT,
                        "Detection in a picture with %s: %.2f ms, %s.",
                        speed.kind().key(),
                        speed.totalMilliseconds(),
                        result.limit().orElseThrow())));
    for (Work work : Work.values()) {
      List<SpeedByBatch> all =
          result.batches().stream().filter(speeds -> speeds.work() == work).toList();
      if (!all.isEmpty()) {
        writeBatches(work, all);
      }
    }
  }

  private <R> void writeTable(Table<R> table, List<R> rows) {
    html.begin("div", "class", "scroll");
    table.writeTo(html, rows);
    html.end();
  }

  /** Pictures per second over the batch, and tables of all that was measured. */
  private void writeBatches(Work work, List<SpeedByBatch> all) {
    SortedSet<Integer> batches = new TreeSet<>();
    all.forEach(speeds -> speeds.speeds().forEach(speed -> batches.add(speed.batch())));
    html.element("h2", work == Work.INFERENCE ? "Inference by batch" : "Training by batch");
    html.begin("ul");
    all.forEach(speeds -> html.element("li", speeds.toString()));
    html.end().begin("div", "class", "charts");
    chart(all, batches).writeTo(html);
    html.end();
    writeByBatch("Images per second at batch", all, batches, BatchSpeed::imagesPerSecond);
    writeByBatch("Milliseconds at batch", all, batches, BatchSpeed::milliseconds);
    writeByBatch("MiB at most at batch", all, batches, BatchSpeed::peakMib);
  }

  private void writeByBatch(
      String title,
      List<SpeedByBatch> all,
      SortedSet<Integer> batches,
      ToDoubleFunction<BatchSpeed> figure) {
    Table<SpeedByBatch> table =
        new Table<SpeedByBatch>(TEXT).text(title, speeds -> speeds.precision().key());
    for (int batch : batches) {
      table.number(
          Numbers.count(batch),
          speeds ->
              at(speeds, batch).map(speed -> decimals(1, figure.applyAsDouble(speed))).orElse(""));
    }
    writeTable(table, all);
  }

  private static Optional<BatchSpeed> at(SpeedByBatch speeds, int batch) {
    return speeds.speeds().stream().filter(speed -> speed.batch() == batch).findFirst();
  }

  /** The horizontal axis doubles from tick to tick, as the batches do. */
  private static LineChart chart(List<SpeedByBatch> all, SortedSet<Integer> batches) {
    int last = Math.max(1, (int) Math.ceil(log2(batches.last())));
    return new LineChart(
        "images per second",
        new Axis(
            "the batch, as a power of two",
            IntStream.rangeClosed(0, last).mapToObj(power -> (double) power).toList(),
            0),
        Axis.upTo(
            "images per second",
            all.stream().mapToDouble(speeds -> speeds.fastest().imagesPerSecond())),
        batches.stream().mapToDouble(BenchReport::log2).toArray(),
        all.stream()
            .map(speeds -> new LineChart.Curve(speeds.precision().key(), speed(speeds, batches)))
            .toList());
  }

  private static double[] speed(SpeedByBatch speeds, SortedSet<Integer> batches) {
    return batches.stream()
        .mapToDouble(batch -> at(speeds, batch).map(BatchSpeed::imagesPerSecond).orElse(Double.NaN))
        .toArray();
  }

  private static double log2(int batch) {
    return Math.log(batch) / Math.log(2);
  }

  private static String decimals(int count, double value) {
    return String.format(Locale.ROOT, "%,." + count + "f", value);
  }
}
