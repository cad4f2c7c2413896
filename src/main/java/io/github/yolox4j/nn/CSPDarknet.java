package io.github.yolox4j.nn;

import io.github.yolox4j.model.ModelSpec;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** The backbone of YOLOX-Nano to YOLOX-X. */
public final class CSPDarknet extends Module implements FeatureExtractor {

  private final Focus stem;
  private final Sequence dark2;
  private final Sequence dark3;
  private final Sequence dark4;
  private final Sequence dark5;

  CSPDarknet(ModelSpec spec, Style style) {
    int base = spec.scaled(64);
    int depth = Math.max(spec.baseDepth(), 1);
    stem = register_module("stem", new Focus(spec.inputChannels(), base, 3, style));
    dark2 = register_module("dark2", stage(base, depth, style));
    dark3 = register_module("dark3", stage(2 * base, 3 * depth, style));
    dark4 = register_module("dark4", stage(4 * base, 3 * depth, style));
    dark5 =
        register_module(
            "dark5",
            new Sequence(
                Spatial.of(8 * base, 16 * base, 2, style),
                new SPPBottleneck(16 * base, 16 * base, style),
                new CSPLayer(16 * base, 16 * base, depth, false, style)));
  }

  private static Sequence stage(int inputs, int depth, Style style) {
    return new Sequence(
        Spatial.of(inputs, 2 * inputs, 2, style),
        new CSPLayer(2 * inputs, 2 * inputs, depth, true, style));
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
