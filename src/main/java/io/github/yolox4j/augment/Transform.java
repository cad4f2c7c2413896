package io.github.yolox4j.augment;

import org.bytedeco.opencv.opencv_core.Mat;

/** A change at a sample's end as it was drawn, which is the same whenever it is applied. */
interface Transform {

  /**
   * Changes a picture in place.
   *
   * @param bgr the picture
   * @param buffers memory to work in
   */
  void apply(Mat bgr, PictureBuffers buffers);

  /** Where an object's box is then. */
  default Box apply(Box box, double width) {
    return box;
  }
}
