package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;

/**
 * When checkpoints are written, besides that after every epoch.
 *
 * @param minutes after how many minutes within an epoch; 0 for never
 * @param history whether every epoch's checkpoint is kept, as {@code epoch_N.pth}
 */
public record CheckpointRecipe(
    @JsonPropertyDescription("between checkpoints within an epoch; 0: none") double minutes,
    @JsonPropertyDescription("keep epoch_N.pth") boolean history) {

  /** After every epoch, of which the last is kept. */
  public static final CheckpointRecipe DEFAULT = new CheckpointRecipe(0, false);

  /** Checks the values. */
  public CheckpointRecipe {
    Range.require("checkpoint.minutes", minutes, 0, 1e6);
  }
}
