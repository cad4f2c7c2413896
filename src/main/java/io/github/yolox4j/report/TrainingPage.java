package io.github.yolox4j.report;

import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.train.Recipe;
import io.github.yolox4j.train.RecipeFile;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The page about a training run.
 *
 * @param started what is trained on what
 * @param log the numbers so far
 * @param samples the batches that were looked at
 * @param evaluated the latest evaluation
 * @param result how the run ended, empty while it goes on
 */
record TrainingPage(
    TrainingEvent.Started started,
    TrainingLog log,
    List<BatchPictures> samples,
    Optional<TrainingEvent.Evaluated> evaluated,
    Optional<TrainingResult> result) {

  private static final double SECONDS_PER_MINUTE = 60;

  String title() {
    return "Training of " + started.spec().name();
  }

  void writeTo(Markup html) {
    HtmlPage.writeFacts(html, facts());
    evaluated.ifPresent(each -> writeAccuracy(html, each));
    html.element("h2", "Curves").begin("div", "class", "charts");
    writeCurves(html);
    html.end();
    evaluated.ifPresent(each -> writePredictions(html, each));
    for (BatchPictures batch : samples) {
      html.element("h2", "Batch %s as the network sees it".formatted(batch.batch() + 1));
      batch.writeTo(html);
    }
    evaluated.ifPresent(each -> writeClasses(html, each.detections()));
    html.element("h2", "Configuration");
    html.element("pre", RecipeFile.write(started.spec(), started.recipe()));
  }

  private Map<String, String> facts() {
    Recipe recipe = started.recipe();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", started.spec().name());
    facts.put(
        "Input", "%d × %d".formatted(started.spec().inputWidth(), started.spec().inputHeight()));
    facts.put("Classes", Numbers.count(started.classNames().size()));
    facts.put("Images", Numbers.count(started.images()));
    facts.put(
        "Validation images",
        started.validation().map(v -> Numbers.count(v.truth().images().size())).orElse("none"));
    facts.put("Batch", Numbers.count(recipe.batch()));
    facts.put("Epochs", "%d of %d".formatted(epochsDone(), recipe.epochs()));
    result.ifPresent(
        end -> {
          facts.put(
              "Time", String.format(Locale.ROOT, "%.1f min", end.seconds() / SECONDS_PER_MINUTE));
          end.bestAp()
              .ifPresent(
                  ap ->
                      facts.put(
                          "Best AP",
                          "%s after epoch %d".formatted(Numbers.part(ap), end.bestEpoch())));
        });
    return facts;
  }

  private int epochsDone() {
    return result
        .map(TrainingResult::epochs)
        .orElseGet(() -> evaluated.map(TrainingEvent.Evaluated::epoch).orElse(0));
  }

  private static void writeAccuracy(Markup html, TrainingEvent.Evaluated evaluated) {
    html.element("h2", "Accuracy after epoch %d".formatted(evaluated.epoch()));
    HtmlPage.writeTiles(html, CocoAccuracy.numbers(evaluated.metrics()));
  }

  private void writeCurves(Markup html) {
    if (log.steps().isEmpty()) {
      html.element("p", "No losses are logged yet.");
    } else {
      writeLosses(html);
    }
    if (!log.evaluations().isEmpty()) {
      writeAccuracyCurves(html);
    }
    if (!log.steps().isEmpty()) {
      Series<TrainingLog.Step> steps = new Series<>(log.steps());
      double[] rate = steps.means(TrainingLog.Step::rate);
      double[] speed = steps.means(TrainingLog.Step::imagesPerSecond);
      double[] x = steps.means(step -> epochs(step.step()));
      write(
          html,
          "Learning rate",
          "learning rate",
          x,
          List.of(LineChart.Curve.strong("learning rate", rate)));
      write(
          html,
          "Speed",
          "images per second",
          x,
          List.of(LineChart.Curve.strong("images per second", speed)));
    }
  }

  private void writeLosses(Markup html) {
    Series<TrainingLog.Step> steps = new Series<>(log.steps());
    List<LineChart.Curve> curves = new ArrayList<>();
    curves.add(LineChart.Curve.strong("total", steps.means(TrainingLog.Step::total)));
    Map<String, ToDoubleFunction<TrainingLog.Step>> parts = new LinkedHashMap<>();
    parts.put("iou", TrainingLog.Step::iou);
    parts.put("obj", TrainingLog.Step::obj);
    parts.put("cls", TrainingLog.Step::cls);
    parts.put("l1", TrainingLog.Step::l1);
    parts.forEach((name, part) -> curves.add(new LineChart.Curve(name, steps.means(part))));
    write(html, "Losses", "loss", steps.means(step -> epochs(step.step())), curves);
  }

  private void writeAccuracyCurves(Markup html) {
    Series<TrainingLog.Evaluation> evaluations = new Series<>(log.evaluations());
    double[] ap = evaluations.means(TrainingLog.Evaluation::ap);
    double[] ap50 = evaluations.means(TrainingLog.Evaluation::ap50);
    int best =
        IntStream.range(0, ap.length)
            .filter(i -> Double.isFinite(ap[i]))
            .boxed()
            .max(Comparator.comparingDouble(i -> ap[i]))
            .orElse(-1);
    write(
        html,
        "Accuracy",
        "average precision",
        evaluations.means(each -> epochs(each.step())),
        List.of(new LineChart.Curve("AP", ap, true, best), new LineChart.Curve("AP50", ap50)));
  }

  private void write(
      Markup html, String title, String unit, double[] x, List<LineChart.Curve> curves) {
    DoubleStream values = curves.stream().flatMapToDouble(curve -> DoubleStream.of(curve.y()));
    Axis across = Axis.upTo("epochs", DoubleStream.of(epochs(lastStep())));
    new LineChart(title, across, Axis.upTo(unit, values), x, curves).writeTo(html);
  }

  private long lastStep() {
    return Math.max(
        log.steps().isEmpty() ? 0 : log.steps().getLast().step(),
        log.evaluations().isEmpty() ? 0 : log.evaluations().getLast().step());
  }

  private double epochs(long step) {
    return (double) step / started.iterationsPerEpoch();
  }

  private void writePredictions(Markup html, TrainingEvent.Evaluated evaluated) {
    started
        .validation()
        .ifPresent(
            validation -> {
              html.element("h2", "Predictions and truth after epoch " + evaluated.epoch());
              html.element(
                  "p",
                  "Left what the model finds with a score of at least %s, right what there is."
                      .formatted(PredictionPairs.LEAST_SCORE));
              new PredictionPairs(validation, evaluated.detections()).writeTo(html);
            });
  }

  private static void writeClasses(Markup html, Detections detections) {
    GroundTruth truth = detections.groundTruth();
    List<CocoClassMetrics> metrics =
        new CocoAccuracy(truth, CocoEvaluator.evaluate(detections)).classes();
    html.element("h2", "Classes");
    new Table<Integer>("text")
        .text("Class", k -> truth.categories().get(k).name())
        .number("Objects", k -> Numbers.count(metrics.get(k).objects()))
        .number("AP", k -> Numbers.part(metrics.get(k).ap()))
        .number("AP50", k -> Numbers.part(metrics.get(k).ap50()))
        .number("AR", k -> Numbers.part(metrics.get(k).ar()))
        .writeTo(html, Numbers.byPrecision(metrics));
  }
}
