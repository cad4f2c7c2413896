package io.github.yolox4j.train;

/**
 * When checkpoints are written, besides that after every epoch.
 *
 * @param minutes after how many minutes within an epoch; 0 for never
 * @param history whether every epoch's checkpoint is kept, as {@code epoch_N.pth}
 */
public record CheckpointRecipe(double minutes, boolean history) {

  /** After every epoch, of which the last is kept. */
  public static final CheckpointRecipe DEFAULT = new CheckpointRecipe(0, false);

  /** Checks the values. */
  public CheckpointRecipe {
    Range.require("checkpoint.minutes", minutes, 0, 1e6);
  }
}
