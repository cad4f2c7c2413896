package io.github.yolox4j.augment;

import io.github.yolox4j.image.OpenCv;
import org.bytedeco.opencv.opencv_core.Mat;

/** The pictures that transforms work in, kept from sample to sample. Used by one thread. */
final class Scratch implements AutoCloseable {

  private final Mat picture;
  private final Mat channel;

  Scratch() {
    OpenCv.load();
    picture = new Mat();
    channel = new Mat();
  }

  Mat picture() {
    return picture;
  }

  Mat channel() {
    return channel;
  }

  @Override
  public void close() {
    picture.close();
    channel.close();
  }
}
