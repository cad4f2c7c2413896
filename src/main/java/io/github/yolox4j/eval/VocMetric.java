package io.github.yolox4j.eval;

/** How VOC makes one number out of a precision-recall curve. */
public enum VocMetric {
  /** Until 2009: the mean of the best precisions at the recalls 0, 0.1, ... 1 and beyond. */
  ELEVEN_POINT {
    @Override
    double averagePrecision(double[] recall, double[] precision) {
      double sum = 0;
      for (int i = 0; i <= 10; i++) {
        // as NumPy counts up to 1: the fourth threshold is 0.30000000000000004
        double threshold = i * 0.1;
        double best = 0;
        for (int d = 0; d < recall.length; d++) {
          if (recall[d] >= threshold) {
            best = Math.max(best, precision[d]);
          }
        }
        sum += best / 11;
      }
      return sum;
    }
  },
  /** Since 2010: the area under the curve made monotone. */
  AREA {
    @Override
    double averagePrecision(double[] recall, double[] precision) {
      double area = 0;
      double best = 0;
      for (int d = recall.length - 1; d >= 0; d--) {
        best = Math.max(best, precision[d]);
        area += (recall[d] - (d == 0 ? 0 : recall[d - 1])) * best;
      }
      return area;
    }
  };

  /** Takes a curve by descending score. */
  abstract double averagePrecision(double[] recall, double[] precision);
}
