package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a training run.
 *
 * @param folder where they are
 */
public record RunFolder(Path folder) {

  /**
   * Returns the model and the recipe, from which the run can be repeated.
   *
   * @return a model file
   */
  public Path config() {
    return folder.resolve("config.yaml");
  }

  /**
   * Returns the checkpoint from which the run goes on.
   *
   * @return written after every epoch
   */
  public Path latest() {
    return folder.resolve("latest.pth");
  }

  /**
   * Requires that there is a run to go on with.
   *
   * @throws YoloxException if there is no checkpoint
   */
  public void requireCheckpoint() {
    if (!Files.exists(latest())) {
      throw new YoloxException(
          "There is no checkpoint %s to go on from; leave out --resume to begin a run"
              .formatted(latest()));
    }
  }

  /**
   * Returns the weights with the best AP.
   *
   * @return written after an evaluation
   */
  public Path best() {
    return folder.resolve("best.pth");
  }

  /**
   * Returns the weights before the phase without augmentation.
   *
   * @return written once
   */
  public Path lastMosaicEpoch() {
    return folder.resolve("last_mosaic_epoch.pth");
  }

  /**
   * Returns the weights after an epoch.
   *
   * @param epoch counted from 1
   * @return written if the recipe asks for it
   */
  public Path epoch(int epoch) {
    return folder.resolve("epoch_%d.pth".formatted(epoch));
  }

  /**
   * Returns the losses and accuracies.
   *
   * @return a JSON object per line
   */
  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /**
   * Returns the page about the run.
   *
   * @return written after evaluations and at the end
   */
  public Path report() {
    return folder.resolve("report.html");
  }

  /**
   * Returns where pictures are cached, if the recipe asks for it.
   *
   * @return a folder
   */
  public Path cache() {
    return folder.resolve("image-cache");
  }
}
