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

  /** {@return the model and the recipe, from which the run can be repeated: a model file} */
  public Path config() {
    return folder.resolve("config.yaml");
  }

  /** {@return the checkpoint from which the run goes on, written after every epoch} */
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

  /** {@return the weights with the best AP, written after an evaluation} */
  public Path best() {
    return folder.resolve("best.pth");
  }

  /** {@return the weights before the phase without augmentation, written once} */
  public Path lastMosaicEpoch() {
    return folder.resolve("last_mosaic_epoch.pth");
  }

  /**
   * {@return the weights after an epoch, written if the recipe asks for it}
   *
   * @param epoch counted from 1
   */
  public Path epoch(int epoch) {
    return folder.resolve("epoch_%d.pth".formatted(epoch));
  }

  /** {@return the losses and accuracies: a JSON object per line} */
  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** {@return the page about the run, written after evaluations and at the end} */
  public Path report() {
    return folder.resolve("report.html");
  }

  /** {@return the folder where pictures are cached, if the recipe asks for it} */
  public Path cache() {
    return folder.resolve("image-cache");
  }
}
