package io.github.yolox4j.train;

import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.model.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What happens while training, in this order on one thread. */
public sealed interface TrainingEvent {

  /**
   * Training begins or goes on.
   *
   * @param spec the model
   * @param recipe its recipe
   * @param classNames the classes
   * @param images how many images there are to train on
   * @param validation the images on which accuracy is measured
   * @param iterationsPerEpoch the updates of an epoch
   * @param iteration the first iteration, counted from 0; above 0 after a resumption
   */
  record Started(
      ModelSpec spec,
      Recipe recipe,
      List<String> classNames,
      int images,
      Optional<Dataset> validation,
      long iterationsPerEpoch,
      long iteration)
      implements TrainingEvent {}

  /**
   * A batch is about to be used: the first of the run, and the first of the phase without
   * augmentation.
   *
   * @param batch the pictures as the network sees them, valid during the call only
   */
  record FirstBatch(Batch batch) implements TrainingEvent {}

  /**
   * An iteration is done whose losses are reported.
   *
   * @param epoch counted from 1
   * @param iteration within the epoch, counted from 1
   * @param step of the whole run, counted from 1
   * @param rate the learning rate
   * @param height the pictures' height
   * @param width the pictures' width
   * @param losses the losses of this iteration
   * @param imagesPerSecond since the last report
   * @param waiting the share of time, since the last report, in which no batch was ready
   * @param secondsLeft how long training will go on, as far as can be told
   * @param memory resident memory of the process in bytes; 0 where the system does not tell
   * @param deviceMemory the most that tensors took of the GPU, in bytes; 0 on the CPU
   */
  record Stepped(
      int epoch,
      long iteration,
      long step,
      double rate,
      int height,
      int width,
      LossValues losses,
      double imagesPerSecond,
      double waiting,
      double secondsLeft,
      long memory,
      long deviceMemory)
      implements TrainingEvent {}

  /**
   * Accuracy was measured.
   *
   * @param epoch after which, counted from 1
   * @param step after how many iterations
   * @param metrics the COCO numbers
   * @param best whether AP is the best so far
   * @param detections what the model finds on the validation images
   */
  record Evaluated(int epoch, long step, CocoMetrics metrics, boolean best, Detections detections)
      implements TrainingEvent {}

  /**
   * A checkpoint was written.
   *
   * @param file the file
   */
  record Saved(Path file) implements TrainingEvent {}

  /**
   * Something that a person should know.
   *
   * @param message a sentence
   */
  record Noticed(String message) implements TrainingEvent {}

  /**
   * Training ended.
   *
   * @param result how
   */
  record Finished(TrainingResult result) implements TrainingEvent {}
}
