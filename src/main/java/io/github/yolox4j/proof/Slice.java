package io.github.yolox4j.proof;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A part of the proof that can be run by itself, the most valuable first. */
public enum Slice {
  /** The libraries load and the device adds up. */
  LOAD("libraries load, the device computes", LoadCheck::items),
  /** The models' predictions are the reference's. */
  FORWARD("forward passes against the reference", ForwardCheck::items),
  /** A trained model finds what it finds on the processor. */
  DETECTIONS("detections of a trained model against the processor's", DetectionCheck::items),
  /** Losses and gradients are the reference's. */
  LOSSES("losses and gradients against the reference", LossCheck::items),
  /** How many pictures a model trains on in a second. */
  TRAINING_SPEED("training speed by batch", TrainingMeasurement::items),
  /** How long inference takes and how many pictures it does in a second. */
  INFERENCE_SPEED("inference latency and throughput by batch", InferenceMeasurement::items),
  /** Both executions of SimOTA agree. */
  ASSIGNMENT("SimOTA on the device against the processor", AssignmentCheck::items),
  /** Ten steps of training are the reference's. */
  STEPS("ten training steps against the reference", StepsCheck::items),
  /** Training does not wait for the device. */
  WAITING("training waits for nothing but what it shows", WaitingCheck::items),
  /** The assignment goes on where the device has too little memory. */
  FALLBACK("assignment when memory runs out", FallbackCheck::items),
  /** Training does not take more and more memory. */
  MEMORY("memory over 500 steps", MemoryCheck::items),
  /** A model learns in mixed precision. */
  FINE_TUNING("fine-tuning in mixed precision", FineTuningCheck::items);

  private final String description;
  private final Function<Subject, List<Item>> items;

  Slice(String description, Function<Subject, List<Item>> items) {
    this.description = description;
    this.items = items;
  }

  /**
   * Describes it for people.
   *
   * @return a few words
   */
  public String description() {
    return description;
  }

  /** What it consists of for a subject. */
  List<Item> items(Subject subject) {
    return items.apply(subject);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
