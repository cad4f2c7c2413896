package io.github.yolox4j.nn;

import io.github.yolox4j.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Darknet-21 and Darknet-53, closed by a spatial pyramid pooling block. */
public final class Darknet extends Module implements FeatureExtractor {

  /** Channels of the stem. */
  private static final int STEM = 32;

  private final Sequence stem;
  private final Sequence dark2;
  private final Sequence dark3;
  private final Sequence dark4;
  private final Sequence dark5;

  Darknet(ModelSpec spec, Style style) {
    List<Block> first = new ArrayList<>();
    first.add(new BaseConv(spec.inputChannels(), STEM, 3, 1, 1, style));
    first.addAll(group(STEM, 1, style));
    stem = register_module("stem", new Sequence(first));
    dark2 = register_module("dark2", new Sequence(stage(spec, 2, style)));
    dark3 = register_module("dark3", new Sequence(stage(spec, 3, style)));
    dark4 = register_module("dark4", new Sequence(stage(spec, 4, style)));
    List<Block> last = stage(spec, 5, style);
    last.addAll(pyramid(STEM << 5, STEM << 4, style));
    dark5 = register_module("dark5", new Sequence(last));
  }

  private static List<Block> stage(ModelSpec spec, int stage, Style style) {
    return group(STEM << (stage - 1), spec.backbone().residuals(stage), style);
  }

  private static List<Block> group(int inputs, int residuals, Style style) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new BaseConv(inputs, 2 * inputs, 3, 2, 1, style));
    for (int i = 0; i < residuals; i++) {
      blocks.add(new ResLayer(2 * inputs, style));
    }
    return blocks;
  }

  private static List<Block> pyramid(int wide, int narrow, Style style) {
    return List.of(
        new BaseConv(wide, narrow, 1, 1, 1, style),
        new BaseConv(narrow, wide, 3, 1, 1, style),
        new SPPBottleneck(wide, narrow, style),
        new BaseConv(narrow, wide, 3, 1, 1, style),
        new BaseConv(wide, narrow, 1, 1, 1, style));
  }

  @Override
  public Features forward(Tensor picture) {
    try (Tensor x1 = stem.forward(picture);
        Tensor x2 = dark2.forward(x1)) {
      Tensor x3 = dark3.forward(x2);
      Tensor x4 = dark4.forward(x3);
      return new Features(x3, x4, dark5.forward(x4));
    }
  }
}
