package io.github.yolox4j.report;

import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.ScoreCurve;
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

  /** By recall the precision, the mean over the classes that have objects. */
  double[] meanPrecision() {
    return mean(
        classesWithObjects()
            .mapToObj(k -> analysis.curves().get(k).precisionAt(recalls))
            .toArray(double[][]::new));
  }

  /** By threshold the F1, the mean over the classes that have objects. */
  double[] meanF1() {
    return mean(
        classesWithObjects().mapToObj(k -> f1(analysis.curves().get(k))).toArray(double[][]::new));
  }

  private IntStream classesWithObjects() {
    return IntStream.range(0, analysis.groundTruth().categories().size())
        .filter(k -> analysis.curves().get(k).objects() > 0);
  }

  private static double[] mean(double[][] curves) {
    double[] sums = new double[STEPS + 1];
    for (double[] curve : curves) {
      for (int i = 0; i <= STEPS; i++) {
        sums[i] += curve[i] / curves.length;
      }
    }
    return sums;
  }
}
