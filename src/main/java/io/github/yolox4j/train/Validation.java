package io.github.yolox4j.train;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.ModelDetections;
import io.github.yolox4j.eval.Shard;
import java.util.List;

/**
 * Finds what a learner has learned to detect in the validation images, each rank in its share.
 *
 * @param plan the run
 * @param ranks the processes of the run
 * @param learner whose BatchNorm statistics become the mean over the ranks, each of which has those
 *     of its own images
 */
record Validation(TrainingPlan plan, Ranks ranks, Learner learner) {

  /** The detections of all ranks, on every rank. */
  Detections run(Dataset data) {
    ranks.average(learner.network().statistics());
    learner.average().ifPresent(each -> ranks.average(each.network().statistics()));
    EvaluationRecipe recipe = plan.recipe().evaluation();
    DetectorOptions options =
        DetectorOptions.DEFAULTS
            .withConfidence(recipe.confidence())
            .withNms(recipe.nms())
            .withAgnostic(false)
            .withClipping(false)
            .withClassNames(plan.classNames())
            .withDevice(plan.device());
    Detections own;
    try (Detector detector = Detector.of(learner.learned(), options)) {
      Shard shard = new Shard(ranks.rank(), ranks.size());
      own = ModelDetections.detect(detector, data, shard, plan.device(), 1, _ -> {});
    }
    List<byte[]> parts = ranks.gather(own.toBytes());
    return Detections.inImageOrder(data.truth(), parts);
  }
}
