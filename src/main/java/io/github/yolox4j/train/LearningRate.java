package io.github.yolox4j.train;

/**
 * The learning rate of every iteration. The reference sets the rate of iteration i + 1 after
 * iteration i, so the first one runs with the rate at which warm-up begins.
 *
 * @param recipe how the rate changes
 * @param rate the full rate
 * @param iterationsPerEpoch the batches of an epoch, at least 1
 * @param epochs how many epochs there are, at least 1
 * @param noAugmentationEpochs the last epochs, which have the least rate
 */
public record LearningRate(
    ScheduleRecipe recipe,
    double rate,
    long iterationsPerEpoch,
    int epochs,
    int noAugmentationEpochs) {

  /**
   * {@return the rate of an iteration, at least 0}
   *
   * @param iteration counted from 0
   */
  public double at(long iteration) {
    return recipe.kind().rate(this, (double) iteration);
  }

  double warmup() {
    return (double) recipe.warmupEpochs() * iterationsPerEpoch;
  }

  double total() {
    return (double) epochs * iterationsPerEpoch;
  }

  double least() {
    return rate * recipe.minRatio();
  }

  /** The iteration from which the rate stays. */
  double lastPhase() {
    return total() - (double) noAugmentationEpochs * iterationsPerEpoch;
  }

  /** A quadratic warm-up and a half cosine, then from an iteration on the least rate. */
  double warmUpAndCosine(double iteration, double lastPhase) {
    double warmup = warmup();
    if (iteration <= warmup && warmup > 0) {
      double share = iteration / warmup;
      return (rate - recipe.warmupRate()) * share * share + recipe.warmupRate();
    }
    if (iteration >= lastPhase) {
      return least();
    }
    double cosine = Math.cos(Math.PI * (iteration - warmup) / (lastPhase() - warmup));
    return least() + 0.5 * (rate - least()) * (1 + cosine);
  }
}
