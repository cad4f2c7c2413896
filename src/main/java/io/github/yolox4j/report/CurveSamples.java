package io.github.yolox4j.report;

import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ScoreCurve;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Where curves are sampled, so that a page and a file stay small whatever was evaluated. */
final class CurveSamples {

  private static final int STEPS = 100;

  private final DetectionAnalysis analysis;
  private final double[] recalls = spaced(0, 1);
  private final double[] thresholds;

  CurveSamples(DetectionAnalysis analysis) {
    this.analysis = analysis;
    ScoreCurve all = analysis.overall();
    thresholds =
        all.size() == 0
            ? spaced(0, 1)
            // foreign detections may have scores of any range
            : spaced(Math.min(0, all.score(all.size() - 1)), Math.max(1, all.score(0)));
  }

  private static double[] spaced(double first, double last) {
    return IntStream.rangeClosed(0, STEPS)
        .mapToDouble(i -> first + (last - first) * i / STEPS)
        .toArray();
  }

  double[] recalls() {
    return recalls.clone();
  }

  double[] thresholds() {
    return thresholds.clone();
  }

  /** By threshold a curve's F1. */
  double[] f1(ScoreCurve curve) {
    return IntStream.rangeClosed(0, STEPS)
        .mapToDouble(
            i -> {
              int point = curve.at(thresholds[i]);
              return point < 0 ? 0 : curve.f1(point);
            })
        .toArray();
  }

  /** The mean of some samples over the classes that have objects. */
  double[] mean(Function<ScoreCurve, double[]> samples) {
    List<double[]> curves =
        analysis.curves().stream().filter(curve -> curve.objects() > 0).map(samples).toList();
    double[] sums = new double[STEPS + 1];
    for (double[] curve : curves) {
      for (int i = 0; i <= STEPS; i++) {
        sums[i] += curve[i] / curves.size();
      }
    }
    return sums;
  }
}
