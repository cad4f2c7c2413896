package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.loss.LossNormalizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Whose positives divide a rank's losses. Without other ranks both are the same. */
public enum LossNormalization {
  /** The rank's own, as in the reference. */
  @JsonProperty("rank")
  RANK {
    @Override
    LossNormalizer over(Ranks ranks) {
      return LossNormalizer.BATCH;
    }
  },
  /** The mean over the ranks: as if one process had the whole batch. */
  @JsonProperty("global")
  GLOBAL {
    @Override
    LossNormalizer over(Ranks ranks) {
      return positives -> {
        Tensor all = ranks.sum(positives.clone());
        return LossNormalizer.atLeastOne(all).div(new Scalar((double) ranks.size()));
      };
    }
  };

  abstract LossNormalizer over(Ranks ranks);
}
