package io.github.yolox4j.report;

import io.github.yolox4j.bench.BatchSpeed;
import io.github.yolox4j.bench.BenchResult;
import io.github.yolox4j.bench.EngineSpeed;
import io.github.yolox4j.bench.SpeedByBatch;
import io.github.yolox4j.bench.SpeedByBatch.Work;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The page about a model's speed on a machine.
 *
 * @param result the figures
 */
record BenchPage(BenchResult result) {

  String title() {
    return "Speed of %s at %s".formatted(result.network().spec().name(), result.size());
  }

  void writeTo(Markup html) {
    new Facts(result.machine()).writeTo(html);
    html.element("h2", "Engines");
    writeEngines(html);
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
        writeBatches(html, work, all);
      }
    }
  }

  private void writeEngines(Markup html) {
    html.begin("div", "class", "scroll");
    html.begin("table", "class", "list").begin("thead").begin("tr");
    html.element("th", "Engine", "class", "name").element("th", "Precision", "class", "name");
    for (String title : List.of("Median ms", "90 % ms", "GFLOP/s", "Images/s", "Batch")) {
      html.element("th", title);
    }
    html.end().end().begin("tbody");
    for (EngineSpeed speed : result.engines()) {
      html.begin("tr").element("td", speed.kind().key(), "class", "name");
      html.element("td", speed.precision().key(), "class", "name");
      html.element("td", decimals(2, speed.medianMilliseconds()));
      html.element("td", decimals(2, speed.slowMilliseconds()));
      html.element("td", decimals(1, speed.gigaflops()));
      html.element("td", decimals(1, speed.imagesPerSecond()));
      html.element("td", Numbers.count(speed.bestBatch())).end();
    }
    html.end().end().end();
  }

  /** Pictures per second over the batch, and tables of all that was measured. */
  private static void writeBatches(Markup html, Work work, List<SpeedByBatch> all) {
    TreeSet<Integer> batches = new TreeSet<>();
    all.forEach(speeds -> speeds.speeds().forEach(speed -> batches.add(speed.batch())));
    html.element("h2", work == Work.INFERENCE ? "Inference by batch" : "Training by batch");
    html.begin("ul");
    all.forEach(speeds -> html.element("li", speeds.toString()));
    html.end().begin("div", "class", "charts");
    chart(all, batches).writeTo(html);
    html.end();
    writeTable(html, "Images per second at batch", all, batches, BatchSpeed::imagesPerSecond);
    writeTable(html, "Milliseconds at batch", all, batches, BatchSpeed::milliseconds);
    writeTable(html, "MiB at most at batch", all, batches, BatchSpeed::peakMib);
  }

  private static void writeTable(
      Markup html,
      String title,
      List<SpeedByBatch> all,
      TreeSet<Integer> batches,
      ToDoubleFunction<BatchSpeed> figure) {
    html.begin("div", "class", "scroll");
    html.begin("table", "class", "list").begin("thead").begin("tr");
    html.element("th", title, "class", "name");
    batches.forEach(batch -> html.element("th", Numbers.count(batch)));
    html.end().end().begin("tbody");
    for (SpeedByBatch speeds : all) {
      html.begin("tr").element("td", speeds.precision().key(), "class", "name");
      for (int batch : batches) {
        html.element(
            "td",
            at(speeds, batch).map(speed -> decimals(1, figure.applyAsDouble(speed))).orElse(""));
      }
      html.end();
    }
    html.end().end().end();
  }

  private static Optional<BatchSpeed> at(SpeedByBatch speeds, int batch) {
    return speeds.speeds().stream().filter(speed -> speed.batch() == batch).findFirst();
  }

  /** The horizontal axis doubles from tick to tick, as the batches do. */
  private static LineChart chart(List<SpeedByBatch> all, TreeSet<Integer> batches) {
    double[] doublings = batches.stream().mapToDouble(batch -> log2(batch)).toArray();
    int last = Math.max(1, (int) Math.ceil(log2(batches.last())));
    List<LineChart.Curve> curves =
        all.stream()
            .map(
                speeds ->
                    new LineChart.Curve(
                        speeds.precision().key(),
                        batches.stream()
                            .map(
                                batch ->
                                    at(speeds, batch)
                                        .map(BatchSpeed::imagesPerSecond)
                                        .orElse(Double.NaN))
                            .toList(),
                        false,
                        -1))
            .toList();
    return new LineChart(
        "images per second",
        new Axis(
            "the batch, as a power of two",
            IntStream.rangeClosed(0, last).mapToObj(power -> (double) power).toList(),
            0),
        Axis.upTo(
            "images per second",
            all.stream().mapToDouble(speeds -> speeds.fastest().imagesPerSecond())),
        doublings,
        curves);
  }

  private static double log2(int batch) {
    return Math.log(batch) / Math.log(2);
  }

  private static String decimals(int count, double value) {
    return String.format(Locale.ROOT, "%,." + count + "f", value);
  }
}
