package io.github.yolox4j.nn;

import io.github.yolox4j.model.ModelSpec;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Path aggregation feature pyramid on CSPDarknet: a top-down and a bottom-up path. */
public final class YoloPafpn extends Module implements FeatureExtractor {

  private final CSPDarknet backbone;
  private final BaseConv lateral0;
  private final CSPLayer p4;
  private final BaseConv reduce1;
  private final CSPLayer p3;
  private final Block down3;
  private final CSPLayer n3;
  private final Block down4;
  private final CSPLayer n4;

  YoloPafpn(ModelSpec spec, Style style) {
    int c3 = spec.scaled(256);
    int c4 = spec.scaled(512);
    int c5 = spec.scaled(1024);
    int depth = spec.baseDepth();
    backbone = register_module("backbone", new CSPDarknet(spec, style));
    lateral0 = register_module("lateral_conv0", new BaseConv(c5, c4, 1, 1, 1, style));
    p4 = register_module("C3_p4", new CSPLayer(2 * c4, c4, depth, false, style));
    reduce1 = register_module("reduce_conv1", new BaseConv(c4, c3, 1, 1, 1, style));
    p3 = register_module("C3_p3", new CSPLayer(2 * c3, c3, depth, false, style));
    down3 = Spatial.register(this, "bu_conv2", c3, c3, 2, style);
    n3 = register_module("C3_n3", new CSPLayer(2 * c3, c4, depth, false, style));
    down4 = Spatial.register(this, "bu_conv1", c4, c4, 2, style);
    n4 = register_module("C3_n4", new CSPLayer(2 * c4, c5, depth, false, style));
  }

  @Override
  public Features forward(Tensor picture) {
    try (Features dark = backbone.forward(picture);
        Tensor lateral = lateral0.forward(dark.stride32());
        Tensor merged4 = Upsampling.twiceBeside(lateral, dark.stride16());
        Tensor middle = p4.forward(merged4);
        Tensor reduced = reduce1.forward(middle);
        Tensor merged3 = Upsampling.twiceBeside(reduced, dark.stride8())) {
      Tensor out3 = p3.forward(merged3);
      try (Tensor lowered3 = down3.forward(out3);
          Tensor joined4 = Channels.concat(lowered3, reduced)) {
        Tensor out4 = n3.forward(joined4);
        try (Tensor lowered4 = down4.forward(out4);
            Tensor joined5 = Channels.concat(lowered4, lateral)) {
          return new Features(out3, out4, n4.forward(joined5));
        }
      }
    }
  }
}
