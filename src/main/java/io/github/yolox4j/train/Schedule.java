package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the learning rate changes over the iterations, as in the reference. */
public enum Schedule {
  /** A quadratic warm-up, a half cosine down to a share of the rate, then that share. */
  @JsonProperty("yoloxwarmcos")
  YOLOXWARMCOS {
    @Override
    double rate(LearningRate settings, double iteration) {
      return settings.warmUpAndCosine(iteration, settings.lastPhase());
    }
  },
  /** As {@link #YOLOXWARMCOS}, with epochs of another length from some epoch on. */
  @JsonProperty("yoloxsemiwarmcos")
  YOLOXSEMIWARMCOS {
    @Override
    double rate(LearningRate settings, double iteration) {
      ScheduleRecipe recipe = settings.recipe();
      double change = (double) settings.iterationsPerEpoch() * recipe.semiEpoch();
      if (iteration <= change) {
        return settings.warmUpAndCosine(iteration, Double.POSITIVE_INFINITY);
      }
      int left = settings.epochs() - recipe.semiEpoch() - settings.noAugmentationEpochs();
      if (iteration >= change + (double) recipe.semiIterations() * left) {
        return settings.least();
      }
      double ratio = (double) settings.iterationsPerEpoch() / recipe.semiIterations();
      return settings.warmUpAndCosine(
          change + (iteration - change) * ratio, Double.POSITIVE_INFINITY);
    }
  },
  /** A half cosine down to 0. */
  @JsonProperty("cos")
  COS {
    @Override
    double rate(LearningRate settings, double iteration) {
      return settings.rate() * 0.5 * (1 + Math.cos(Math.PI * iteration / settings.total()));
    }
  },
  /** A linear warm-up, then a half cosine down to 0. */
  @JsonProperty("warmcos")
  WARMCOS {
    @Override
    double rate(LearningRate settings, double iteration) {
      double warmup = settings.warmup();
      if (iteration <= warmup) {
        double first = settings.recipe().warmupRate();
        return (settings.rate() - first) * iteration / warmup + first;
      }
      return settings.rate()
          * 0.5
          * (1 + Math.cos(Math.PI * (iteration - warmup) / (settings.total() - warmup)));
    }
  },
  /** Multiplied by a factor at every milestone. */
  @JsonProperty("multistep")
  MULTISTEP {
    @Override
    double rate(LearningRate settings, double iteration) {
      double rate = settings.rate();
      for (int epoch : settings.recipe().milestones()) {
        long milestone = (long) (settings.total() * epoch / settings.epochs());
        rate *= iteration >= milestone ? settings.recipe().gamma() : 1;
      }
      return rate;
    }
  };

  /** The rate of an iteration, counted from 0. */
  abstract double rate(LearningRate settings, double iteration);
}
