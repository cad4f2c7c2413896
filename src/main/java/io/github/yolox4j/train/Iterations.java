package io.github.yolox4j.train;

/** The iterations of a run, each of which follows from the plan and its number alone. */
final class Iterations {

  private final Recipe recipe;
  private final long perEpoch;
  private final LearningRate rate;
  private final Multiscale sizes;

  Iterations(TrainingPlan plan) {
    recipe = plan.recipe();
    perEpoch = plan.iterationsPerEpoch();
    rate =
        new LearningRate(
            recipe.schedule(),
            recipe.optimizer().rate(recipe.batch()),
            perEpoch,
            recipe.epochs(),
            recipe.noAugmentationEpochs());
    sizes =
        new Multiscale(
            plan.spec().inputHeight(),
            plan.spec().inputWidth(),
            recipe.multiscale(),
            recipe.seed());
  }

  long perEpoch() {
    return perEpoch;
  }

  /** How many there are. */
  long count() {
    return recipe.epochs() * perEpoch;
  }

  /** The iteration of a number, counted from 0. */
  Iteration at(long number) {
    int epoch = epochs(number);
    long inEpoch = number % perEpoch;
    boolean last = recipe.withoutAugmentation(epoch);
    return new Iteration(
        number,
        epoch,
        inEpoch,
        sizes.at(number),
        rate.at(number),
        last,
        inEpoch == 0 && last && !recipe.withoutAugmentation(epoch - 1),
        (inEpoch + 1) % recipe.logInterval() == 0 || inEpoch + 1 == perEpoch);
  }

  /** How many epochs are done after so many iterations. */
  int epochs(long iterations) {
    return Math.toIntExact(iterations / perEpoch);
  }
}
