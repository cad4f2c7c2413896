package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.OpenCv;
import io.github.yolox4j.image.PixelRect;
import java.nio.DoubleBuffer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** What mosaics are painted on, twice as wide and high as the input. Owns its pixels. */
final class Canvas implements AutoCloseable {

  /** How far beyond a warped pixel's place the interpolation reads. */
  private static final int REACH = 2;

  private final PixelRect all;
  private final Mat mat;

  Canvas(Letterbox input) {
    OpenCv.load();
    all = Mosaic.canvas(input);
    mat = new Mat(all.height(), all.width(), opencv_core.CV_8UC3);
  }

  PixelRect all() {
    return all;
  }

  Mat mat() {
    return mat;
  }

  /** The part that a warp to a target of half the canvas's sides reads. */
  PixelRect visible(Affine affine) {
    Affine inverse = affine.inverse();
    Box target = new Box(0, 0, all.width() / 2.0, all.height() / 2.0, 0).warped(inverse);
    PixelRect read =
        new PixelRect(
            (int) Math.floor(target.x1()) - REACH,
            (int) Math.floor(target.y1()) - REACH,
            (int) Math.ceil(target.x2()) + REACH,
            (int) Math.ceil(target.y2()) + REACH);
    return read.intersection(all);
  }

  /** Paints what is visible of a mosaic; the rest keeps what it was. */
  void paint(Mosaic mosaic, TrainingSamples samples, PixelRect visible) {
    if (visible.isEmpty()) {
      return;
    }
    Letterbox.fill(mat, visible);
    for (Mosaic.Tile tile : mosaic.tiles()) {
      PixelRect shown = tile.area().intersection(visible);
      if (!shown.isEmpty()) {
        try (FittedPicture picture = samples.picture(tile.image())) {
          paint(tile, picture.mat(), shown);
        }
      }
    }
  }

  private void paint(Mosaic.Tile tile, Mat picture, PixelRect shown) {
    if (tile.fit().isSize(picture.cols(), picture.rows())) {
      copy(tile, picture, shown);
      return;
    }
    try (Mat resized = new Mat();
        Size size = new Size(tile.fit().width(), tile.fit().height())) {
      opencv_imgproc.resize(picture, resized, size, 0, 0, opencv_imgproc.INTER_LINEAR);
      copy(tile, resized, shown);
    }
  }

  private void copy(Mosaic.Tile tile, Mat picture, PixelRect shown) {
    try (Mat source = shown.movedBy(-tile.x(), -tile.y()).of(picture);
        Mat place = shown.of(mat)) {
      source.copyTo(place);
    }
  }

  /** Warps the canvas into a target of half its sides. */
  void warp(Affine affine, Mat target) {
    try (Mat matrix = new Mat(2, 3, opencv_core.CV_64F);
        Size size = new Size(all.width() / 2, all.height() / 2);
        Scalar gray = new Scalar(Letterbox.FILL, Letterbox.FILL, Letterbox.FILL, 0)) {
      matrix.<DoubleBuffer>createBuffer().put(affine.rows());
      opencv_imgproc.warpAffine(
          mat,
          target,
          matrix,
          size,
          opencv_imgproc.INTER_LINEAR,
          opencv_core.BORDER_CONSTANT,
          gray);
    }
  }

  @Override
  public void close() {
    mat.close();
  }
}
