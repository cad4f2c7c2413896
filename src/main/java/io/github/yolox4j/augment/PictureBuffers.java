package io.github.yolox4j.augment;

import io.github.yolox4j.image.OpenCv;
import org.bytedeco.opencv.opencv_core.Mat;

/** The pictures that transforms work in, kept from sample to sample. Used by one thread. */
record PictureBuffers(Mat picture, Mat channel) implements AutoCloseable {

  static PictureBuffers empty() {
    OpenCv.load();
    return new PictureBuffers(new Mat(), new Mat());
  }

  @Override
  public void close() {
    picture.close();
    channel.close();
  }
}
