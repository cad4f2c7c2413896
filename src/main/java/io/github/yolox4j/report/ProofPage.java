package io.github.yolox4j.report;

import io.github.yolox4j.proof.BatchSpeed;
import io.github.yolox4j.proof.Outcome;
import io.github.yolox4j.proof.ProofRecord;
import io.github.yolox4j.proof.ProofResult;
import io.github.yolox4j.proof.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The page about a proof: the machine, the speeds by batch, the checks.
 *
 * @param proof the results
 */
record ProofPage(ProofRecord proof) {

  String title() {
    return "Proof of " + proof.machine().getOrDefault("GPU", proof.machine().get("device"));
  }

  void writeTo(Markup html) {
    new Facts(proof.machine()).writeTo(html);
    html.element(
        "p",
        "%d checks passed, %d failed, %d were skipped; %d measurements."
            .formatted(
                proof.count(Outcome.PASSED),
                proof.count(Outcome.FAILED),
                proof.count(Outcome.SKIPPED),
                proof.count(Outcome.MEASURED)));
    writeFailures(html);
    for (Slice slice : Slice.values()) {
      List<ProofResult> results =
          proof.results().stream().filter(result -> result.slice() == slice).toList();
      if (!results.isEmpty()) {
        html.element("h2", capitalised(slice.description()));
        writeSpeeds(html, results);
        writeResults(html, results);
      }
    }
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private void writeFailures(Markup html) {
    List<ProofResult> failures =
        proof.results().stream().filter(result -> result.outcome() == Outcome.FAILED).toList();
    if (failures.isEmpty()) {
      return;
    }
    html.begin("ul");
    failures.forEach(
        result -> html.element("li", "Failed: %s: %s".formatted(result.name(), result.says())));
    html.end();
  }

  private static void writeResults(Markup html, List<ProofResult> results) {
    html.begin("table", "class", "list").begin("thead").begin("tr");
    html.element("th", "What", "class", "name").element("th", "Outcome", "class", "name");
    html.element("th", "Finding", "class", "text").element("th", "Seconds");
    html.end().end().begin("tbody");
    for (ProofResult result : results) {
      html.begin("tr").element("td", result.item(), "class", "name");
      html.element("td", result.outcome().toString(), "class", "name");
      html.element("td", result.says(), "class", "text");
      html.element("td", String.format(Locale.ROOT, "%.1f", result.seconds())).end();
    }
    html.end().end();
  }

  /** Pictures per second over the batch, and tables of all that was measured. */
  private void writeSpeeds(Markup html, List<ProofResult> all) {
    List<ProofResult> measured = all.stream().filter(one -> !one.speeds().isEmpty()).toList();
    if (measured.isEmpty()) {
      return;
    }
    if (proof.machine().containsKey("GPU")) {
      html.element("p", "cuDNN has tried its algorithms for every batch before.");
    }
    TreeSet<Integer> batches = new TreeSet<>();
    measured.forEach(result -> result.speeds().forEach(speed -> batches.add(speed.batch())));
    Map<String, List<ProofResult>> models = new LinkedHashMap<>();
    measured.forEach(
        result -> models.computeIfAbsent(model(result), _ -> new ArrayList<>()).add(result));
    html.begin("div", "class", "charts");
    models.forEach((model, results) -> chart(model, results, batches).writeTo(html));
    html.end();
    writeTable(html, "Images per second at batch", measured, batches, BatchSpeed::imagesPerSecond);
    writeTable(html, "Milliseconds at batch", measured, batches, BatchSpeed::milliseconds);
    writeTable(html, "MiB at most at batch", measured, batches, BatchSpeed::peakMib);
  }

  private static void writeTable(
      Markup html,
      String title,
      List<ProofResult> measured,
      TreeSet<Integer> batches,
      ToDoubleFunction<BatchSpeed> figure) {
    html.begin("div", "class", "scroll");
    html.begin("table", "class", "list").begin("thead").begin("tr");
    html.element("th", title, "class", "name");
    batches.forEach(batch -> html.element("th", Numbers.count(batch)));
    html.end().end().begin("tbody");
    for (ProofResult result : measured) {
      Map<Integer, BatchSpeed> speeds = byBatch(result);
      html.begin("tr").element("td", result.item(), "class", "name");
      for (int batch : batches) {
        BatchSpeed speed = speeds.get(batch);
        html.element(
            "td",
            speed == null ? "" : String.format(Locale.ROOT, "%,.1f", figure.applyAsDouble(speed)));
      }
      html.end();
    }
    html.end().end().end();
  }

  /** The first word of a measurement's name; the second says what it computes in. */
  private static String model(ProofResult result) {
    return result.item().split(" ", 2)[0];
  }

  private static Map<Integer, BatchSpeed> byBatch(ProofResult result) {
    Map<Integer, BatchSpeed> speeds = new LinkedHashMap<>();
    result.speeds().forEach(speed -> speeds.put(speed.batch(), speed));
    return speeds;
  }

  /** The horizontal axis doubles from tick to tick, as the batches do. */
  private static LineChart chart(
      String model, List<ProofResult> results, TreeSet<Integer> batches) {
    double[] doublings = batches.stream().mapToDouble(ProofPage::doublings).toArray();
    List<LineChart.Curve> curves = new ArrayList<>();
    double most = 0;
    for (ProofResult result : results) {
      Map<Integer, BatchSpeed> speeds = byBatch(result);
      List<Double> rates = new ArrayList<>();
      for (int batch : batches) {
        BatchSpeed speed = speeds.get(batch);
        rates.add(speed == null ? Double.NaN : speed.imagesPerSecond());
        most = Math.max(most, speed == null ? 0 : speed.imagesPerSecond());
      }
      String arithmetic = result.item().substring(model.length()).strip();
      curves.add(new LineChart.Curve(arithmetic, rates, false, -1));
    }
    return new LineChart(
        model + ": images per second",
        new Axis("the batch, as a power of two", powers(doublings[doublings.length - 1]), 0),
        Axis.upTo("images per second", DoubleStream.of(most)),
        doublings,
        curves);
  }

  private static List<Double> powers(double last) {
    return IntStream.rangeClosed(0, Math.max(1, (int) Math.ceil(last)))
        .mapToObj(power -> (double) power)
        .toList();
  }

  private static double doublings(int batch) {
    return Math.log(batch) / Math.log(2);
  }
}
