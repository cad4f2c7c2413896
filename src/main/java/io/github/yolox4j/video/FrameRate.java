package io.github.yolox4j.video;

/** Frame rates as sources state them. */
final class FrameRate {

  /** High-speed cameras make less; containers that state more mean their clock. */
  static final double MAX = 1000;

  private FrameRate() {}

  /** Returns the stated rate where it can be one, else the default. */
  static double orDefault(double stated) {
    return isValid(stated) ? stated : VideoReader.DEFAULT_FRAMES_PER_SECOND;
  }

  static boolean isValid(double framesPerSecond) {
    return framesPerSecond > 0 && framesPerSecond <= MAX;
  }
}
