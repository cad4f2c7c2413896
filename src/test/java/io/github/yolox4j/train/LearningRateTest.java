package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateTest {

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void schedulesAreTheReferences(Schedule schedule) throws Exception {
    JsonNode figures =
        new ObjectMapper()
            .readTree(Shared.golden("schedules.json").toFile())
            .get(schedule.name().toLowerCase(Locale.ROOT));
    JsonNode arguments = figures.get("args");
    List<Integer> milestones = new ArrayList<>();
    arguments.path("milestones").forEach(m -> milestones.add(m.asInt()));
    ScheduleRecipe recipe =
        new ScheduleRecipe(
            schedule,
            arguments.path("warmup_epochs").asInt(),
            arguments.path("warmup_lr_start").asDouble(),
            arguments.path("min_lr_ratio").asDouble(),
            milestones,
            arguments.path("gamma").asDouble(0.1),
            arguments.path("semi_epoch").asInt(),
            arguments.path("iters_per_epoch_semi").asInt());
    LearningRate rate =
        new LearningRate(recipe, 0.01, 100, 300, arguments.path("no_aug_epochs").asInt());
    for (int i = 0; i < figures.get("iters").size(); i++) {
      long iteration = figures.get("iters").get(i).asLong();
      assertEquals(
          figures.get("lr").get(i).asDouble(),
          rate.at(iteration),
          1e-12,
          schedule + " at " + iteration);
    }
  }
}
