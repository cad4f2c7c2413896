package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.PixelRect;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the four tiles of a mosaic lie on its canvas, which is twice as wide and high as the input.
 * Known without a look at the pictures, so that those out of sight need not be decoded.
 */
record Mosaic(List<Tile> tiles, List<Box> boxes) {

  /**
   * A fitted picture on the canvas.
   *
   * @param image the picture
   * @param x its left edge on the canvas, which may lie outside
   * @param y its top edge on the canvas, which may lie outside
   * @param fit its size there
   */
  record Tile(int image, int x, int y, FittedSize fit) {

    PixelRect area() {
      return new PixelRect(x, y, x + fit.width(), y + fit.height());
    }
  }

  static PixelRect canvas(Letterbox input) {
    return new PixelRect(0, 0, 2 * input.width(), 2 * input.height());
  }

  static Mosaic of(MosaicDraw draw, TrainingSamples samples) {
    Letterbox input = samples.input();
    PixelRect canvas = canvas(input);
    List<Tile> tiles = new ArrayList<>();
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < draw.images().size(); i++) {
      int image = draw.images().get(i);
      FittedSize fit = samples.fit(image).again(input);
      boolean left = i % 2 == 0;
      boolean top = i < 2;
      Tile tile =
          new Tile(
              image,
              left ? draw.centreX() - fit.width() : draw.centreX(),
              top ? draw.centreY() - fit.height() : draw.centreY(),
              fit);
      tiles.add(tile);
      for (Box box : samples.fittedBoxes(image)) {
        boxes.add(
            box.scaled(fit.ratio())
                .shifted(tile.x(), tile.y())
                .clipped(canvas.right(), canvas.bottom()));
      }
    }
    return new Mosaic(tiles, boxes);
  }
}
