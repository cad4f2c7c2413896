package io.github.yolox4j.nn;

import io.github.yolox4j.model.ModelSpec;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Feature pyramid on Darknet: two top-down steps. Outputs 128, 256 and 512 channels. */
public final class YoloFpn extends Module implements FeatureExtractor {

  private final Darknet backbone;
  private final BaseConv lateral1;
  private final Sequence out1;
  private final BaseConv lateral2;
  private final Sequence out2;

  YoloFpn(ModelSpec spec, Style style) {
    backbone = register_module("backbone", new Darknet(spec, style));
    lateral1 = register_module("out1_cbl", new BaseConv(512, 256, 1, 1, 1, style));
    out1 = register_module("out1", embedding(512 + 256, 256, 512, style));
    lateral2 = register_module("out2_cbl", new BaseConv(256, 128, 1, 1, 1, style));
    out2 = register_module("out2", embedding(256 + 128, 128, 256, style));
  }

  private static Sequence embedding(int inputs, int narrow, int wide, Style style) {
    return new Sequence(
        new BaseConv(inputs, narrow, 1, 1, 1, style),
        new BaseConv(narrow, wide, 3, 1, 1, style),
        new BaseConv(wide, narrow, 1, 1, 1, style),
        new BaseConv(narrow, wide, 3, 1, 1, style),
        new BaseConv(wide, narrow, 1, 1, 1, style));
  }

  @Override
  public Features forward(Tensor picture) {
    Features dark = backbone.forward(picture);
    try (Tensor fine = dark.stride8();
        Tensor middle = dark.stride16();
        Tensor lateral = lateral1.forward(dark.stride32());
        Tensor merged1 = Upsampling.twiceBeside(lateral, middle)) {
      Tensor x1 = out1.forward(merged1);
      try (Tensor lateral0 = lateral2.forward(x1);
          Tensor merged2 = Upsampling.twiceBeside(lateral0, fine)) {
        return new Features(out2.forward(merged2), x1, dark.stride32());
      }
    }
  }
}
