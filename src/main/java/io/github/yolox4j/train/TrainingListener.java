package io.github.yolox4j.train;

/** Is told what happens while training. */
@FunctionalInterface
public interface TrainingListener {

  /**
   * Takes note. Training goes on when this returns; what it throws ends training.
   *
   * @param event what happened
   */
  void on(TrainingEvent event);
}
