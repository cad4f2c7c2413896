package io.github.yolox4j.train;

/**
 * How far a run is.
 *
 * @param iteration how many iterations are done
 * @param bestAp the best AP so far; {@link #NONE} before the first evaluation
 * @param bestEpoch the epoch of that AP, counted from 1; 0 before the first evaluation
 * @param withoutBetter the evaluations since then
 */
record TrainingProgress(long iteration, double bestAp, int bestEpoch, int withoutBetter) {

  /** Below every AP, also below the -1 of a set without objects. */
  static final double NONE = -2;

  static final TrainingProgress START = new TrainingProgress(0, NONE, 0, 0);

  TrainingProgress at(long iterations) {
    return new TrainingProgress(iterations, bestAp, bestEpoch, withoutBetter);
  }

  TrainingProgress evaluated(double ap, int epoch) {
    return ap > bestAp
        ? new TrainingProgress(iteration, ap, epoch, 0)
        : new TrainingProgress(iteration, bestAp, bestEpoch, withoutBetter + 1);
  }
}
