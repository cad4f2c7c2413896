package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;
import java.util.List;

/**
 * How the learning rate changes.
 *
 * @param kind the schedule
 * @param warmupEpochs epochs of warm-up, 0 or more
 * @param warmupRate the rate at which warm-up begins, 0 or more
 * @param minRatio the last rate as a share of the rate, 0 to 1
 * @param milestones for multistep: the epochs at which the rate drops, ascending
 * @param gamma for multistep: the factor at a milestone, above 0 and at most 1
 * @param semiEpoch for yoloxsemiwarmcos: the epoch from which epochs have another length
 * @param semiIterations for yoloxsemiwarmcos: the iterations of an epoch from then on
 */
public record ScheduleRecipe(
    Schedule kind,
    int warmupEpochs,
    double warmupRate,
    @JsonPropertyDescription("last rate as a share of the first") double minRatio,
    @JsonPropertyDescription("multistep: epochs") List<Integer> milestones,
    @JsonPropertyDescription("multistep: factor at a milestone") double gamma,
    @JsonPropertyDescription("yoloxsemiwarmcos: epochs have another length from here on")
        int semiEpoch,
    @JsonPropertyDescription("yoloxsemiwarmcos: which one") int semiIterations) {

  /** The reference's values. */
  public static final ScheduleRecipe DEFAULT =
      new ScheduleRecipe(Schedule.YOLOXWARMCOS, 5, 0, 0.05, List.of(), 0.1, 0, 0);

  /** Checks the values. */
  public ScheduleRecipe {
    milestones = List.copyOf(milestones);
    Range.require("schedule.warmup-epochs", warmupEpochs, 0, Integer.MAX_VALUE);
    Range.require("schedule.warmup-rate", warmupRate, 0, 1e3);
    Range.require("schedule.min-ratio", minRatio, 0, 1);
    Range.require("schedule.gamma", gamma, Double.MIN_NORMAL, 1);
    Range.require("schedule.semi-epoch", semiEpoch, 0, Integer.MAX_VALUE);
    Range.require(
        "schedule.semi-iterations",
        semiIterations,
        kind == Schedule.YOLOXSEMIWARMCOS ? 1 : 0,
        Integer.MAX_VALUE);
    for (int milestone : milestones) {
      Range.require("schedule.milestones", milestone, 0, Integer.MAX_VALUE);
    }
  }
}
