package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mosaic with its warp and its partner: where everything lies, without a look at pixels. */
record Blend(Mosaic mosaic, Affine affine, Optional<Mixup> mixup) {

  /** Needs a draw with a mosaic. */
  static Blend of(SampleDraw draw, TrainingSamples samples) {
    MosaicDraw mosaic = draw.mosaic().orElseThrow();
    Letterbox input = samples.input();
    return new Blend(
        Mosaic.of(mosaic, samples),
        Affine.of(mosaic.affine(), input.width(), input.height()),
        draw.mixup().map(mixup -> Mixup.of(mixup, samples)));
  }

  /** The boxes in the input's pixels; some may have lost their area. */
  List<Box> boxes(Letterbox input) {
    List<Box> boxes = new ArrayList<>();
    for (Box box : mosaic.boxes()) {
      boxes.add(box.warped(affine).clipped(input.width(), input.height()));
    }
    mixup.ifPresent(partner -> boxes.addAll(partner.boxes()));
    return boxes;
  }
}
