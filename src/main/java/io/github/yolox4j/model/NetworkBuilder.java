package io.github.yolox4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Derives a network's layers. A convolution is declared where the official state dict has it and
 * applied where the forward pass runs it, because the two orders differ.
 */
final class NetworkBuilder {

  private static final int[] SPP_KERNELS = {5, 9, 13};

  private final ModelSpec spec;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Convolution> convolutions = new ArrayList<>();

  NetworkBuilder(ModelSpec spec) {
    this.spec = spec;
  }

  Network build() {
    int picture = add(new Layer.Input(spec.inputChannels()));
    int[] features =
        spec.backbone() == Backbone.CSP_DARKNET
            ? pafpn(cspDarknet(picture))
            : fpn(darknet(picture));
    List<Network.Level> levels = head(features);
    return new Network(spec, List.copyOf(layers), List.copyOf(convolutions), List.copyOf(levels));
  }

  // ---- CSPDarknet and PAFPN

  private int[] cspDarknet(int picture) {
    String prefix = "backbone.backbone.";
    int base = spec.scaled(64);
    int depth = Math.max(spec.baseDepth(), 1);
    int focused = add(new Layer.SpaceToDepth(picture, 4 * spec.inputChannels()));
    int x = apply(declare(prefix + "stem.conv", 4 * spec.inputChannels(), base, 3, 1, 1), focused);

    int[] stages = new int[3];
    int[] bottlenecks = {depth, 3 * depth, 3 * depth, depth};
    for (int stage = 2; stage <= 5; stage++) {
      String dark = prefix + "dark" + stage + ".";
      int channels = base << (stage - 1);
      x = spatial(dark + "0", x, channels, 2);
      boolean last = stage == 5;
      if (last) {
        x = spp(dark + "1", x, channels);
      }
      x = cspLayer(dark + (last ? 2 : 1), x, channels, bottlenecks[stage - 2], !last);
      if (stage >= 3) {
        stages[stage - 3] = x;
      }
    }
    return stages;
  }

  private int[] pafpn(int[] dark) {
    int c3 = spec.scaled(256);
    int c4 = spec.scaled(512);
    int c5 = spec.scaled(1024);
    int n = spec.baseDepth();
    int f0 = conv("backbone.lateral_conv0", dark[2], c4, 1, 1);
    int p4 = cspLayer("backbone.C3_p4", concat(upsample(f0), dark[1]), c4, n, false);
    int f1 = conv("backbone.reduce_conv1", p4, c3, 1, 1);
    int p3 = cspLayer("backbone.C3_p3", concat(upsample(f1), dark[0]), c3, n, false);
    int n3 =
        cspLayer(
            "backbone.C3_n3", concat(spatial("backbone.bu_conv2", p3, c3, 2), f1), c4, n, false);
    int n4 =
        cspLayer(
            "backbone.C3_n4", concat(spatial("backbone.bu_conv1", n3, c4, 2), f0), c5, n, false);
    return new int[] {p3, n3, n4};
  }

  private int cspLayer(String key, int input, int channels, int bottlenecks, boolean shortcut) {
    int hidden = channels / 2;
    int read = layers.get(input).channels();
    Convolution first = declare(key + ".conv1", read, hidden, 1, 1, 1);
    Convolution second = declare(key + ".conv2", read, hidden, 1, 1, 1);
    Convolution third = declare(key + ".conv3", 2 * hidden, channels, 1, 1, 1);
    int x = apply(first, input);
    int bypass = apply(second, input);
    for (int i = 0; i < bottlenecks; i++) {
      String bottleneck = key + ".m." + i;
      int y = conv(bottleneck + ".conv1", x, hidden, 1, 1);
      y = spatial(bottleneck + ".conv2", y, hidden, 1);
      x = shortcut ? sum(y, x) : y;
    }
    return apply(third, concat(x, bypass));
  }

  // ---- Darknet and FPN

  private int[] darknet(int picture) {
    String prefix = "backbone.backbone.";
    int x = conv(prefix + "stem.0", picture, 32, 3, 1);
    x = residualGroup(prefix + "stem.", 1, x, 64, 1);
    int[] stages = new int[3];
    for (int stage = 2; stage <= 5; stage++) {
      String dark = prefix + "dark" + stage + ".";
      int residuals = spec.backbone().residuals(stage);
      x = residualGroup(dark, 0, x, 32 << stage, residuals);
      if (stage == 5) {
        x = sppBlock(dark, residuals + 1, x);
      }
      if (stage >= 3) {
        stages[stage - 3] = x;
      }
    }
    return stages;
  }

  private int residualGroup(String prefix, int position, int input, int channels, int residuals) {
    int x = conv(prefix + position, input, channels, 3, 2);
    for (int i = 1; i <= residuals; i++) {
      String residual = prefix + (position + i);
      int y = conv(residual + ".layer1", x, channels / 2, 1, 1);
      y = conv(residual + ".layer2", y, channels, 3, 1);
      x = sum(x, y);
    }
    return x;
  }

  private int sppBlock(String prefix, int position, int input) {
    int x = conv(prefix + position, input, 512, 1, 1);
    x = conv(prefix + (position + 1), x, 1024, 3, 1);
    x = spp(prefix + (position + 2), x, 512);
    x = conv(prefix + (position + 3), x, 1024, 3, 1);
    return conv(prefix + (position + 4), x, 512, 1, 1);
  }

  private int[] fpn(int[] dark) {
    int up1 = upsample(conv("backbone.out1_cbl", dark[2], 256, 1, 1));
    int out1 = embedding("backbone.out1.", concat(up1, dark[1]), 256, 512);
    int up2 = upsample(conv("backbone.out2_cbl", out1, 128, 1, 1));
    int out2 = embedding("backbone.out2.", concat(up2, dark[0]), 128, 256);
    return new int[] {out2, out1, dark[2]};
  }

  private int embedding(String prefix, int input, int narrow, int wide) {
    int x = conv(prefix + 0, input, narrow, 1, 1);
    x = conv(prefix + 1, x, wide, 3, 1);
    x = conv(prefix + 2, x, narrow, 1, 1);
    x = conv(prefix + 3, x, wide, 3, 1);
    return conv(prefix + 4, x, narrow, 1, 1);
  }

  // ---- head

  private List<Network.Level> head(int[] features) {
    int channels = spec.scaled(256);
    int n = features.length;
    var classBranches = new ArrayList<List<Convolution>>();
    var boxBranches = new ArrayList<List<Convolution>>();
    var predictions = new ArrayList<List<Convolution>>();
    var stems = new ArrayList<Convolution>();
    for (int i = 0; i < n; i++) {
      classBranches.add(branch("head.cls_convs." + i + ".", channels));
    }
    for (int i = 0; i < n; i++) {
      boxBranches.add(branch("head.reg_convs." + i + ".", channels));
    }
    predictions.add(prediction("head.cls_preds.", n, channels, spec.classes()));
    predictions.add(prediction("head.reg_preds.", n, channels, 4));
    predictions.add(prediction("head.obj_preds.", n, channels, 1));
    for (int i = 0; i < n; i++) {
      stems.add(declare("head.stems." + i, layers.get(features[i]).channels(), channels, 1, 1, 1));
    }

    List<Network.Level> levels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int stem = apply(stems.get(i), features[i]);
      int classes = apply(predictions.get(0).get(i), applyAll(classBranches.get(i), stem));
      int boxFeatures = applyAll(boxBranches.get(i), stem);
      int boxes = apply(predictions.get(1).get(i), boxFeatures);
      int objectness = apply(predictions.get(2).get(i), boxFeatures);
      levels.add(new Network.Level(Network.STRIDES.get(i), boxes, objectness, classes));
    }
    return levels;
  }

  private List<Convolution> branch(String prefix, int channels) {
    List<Convolution> branch = new ArrayList<>();
    for (int j = 0; j < 2; j++) {
      branch.addAll(declareSpatial(prefix + j, channels, channels, 1));
    }
    return branch;
  }

  private List<Convolution> prediction(String prefix, int levels, int inputs, int outputs) {
    List<Convolution> predictions = new ArrayList<>();
    for (int i = 0; i < levels; i++) {
      var prediction = new Convolution(prefix + i, inputs, outputs, 1, 1, 1, Optional.empty());
      convolutions.add(prediction);
      predictions.add(prediction);
    }
    return predictions;
  }

  // ---- building blocks

  private int spp(String key, int input, int channels) {
    int hidden = layers.get(input).channels() / 2;
    int x = conv(key + ".conv1", input, hidden, 1, 1);
    int stride = layers.get(x).stride();
    int[] parts = new int[1 + SPP_KERNELS.length];
    parts[0] = x;
    for (int i = 0; i < SPP_KERNELS.length; i++) {
      parts[i + 1] = add(new Layer.MaxPool(SPP_KERNELS[i], x, hidden, stride));
    }
    return conv(key + ".conv2", concat(parts), channels, 1, 1);
  }

  /** A 3x3 convolution, depthwise separable in a depthwise model. */
  private int spatial(String key, int input, int channels, int step) {
    return applyAll(declareSpatial(key, layers.get(input).channels(), channels, step), input);
  }

  private List<Convolution> declareSpatial(String key, int inputs, int outputs, int step) {
    if (!spec.depthwise()) {
      return List.of(declare(key, inputs, outputs, 3, step, 1));
    }
    return List.of(
        declare(key + ".dconv", inputs, inputs, 3, step, inputs),
        declare(key + ".pconv", inputs, outputs, 1, 1, 1));
  }

  private int conv(String key, int input, int channels, int kernel, int step) {
    return apply(declare(key, layers.get(input).channels(), channels, kernel, step, 1), input);
  }

  private Convolution declare(
      String key, int inputs, int outputs, int kernel, int step, int groups) {
    var convolution =
        new Convolution(key, inputs, outputs, kernel, step, groups, Optional.of(spec.activation()));
    convolutions.add(convolution);
    return convolution;
  }

  private int applyAll(List<Convolution> sequence, int input) {
    int x = input;
    for (Convolution convolution : sequence) {
      x = apply(convolution, x);
    }
    return x;
  }

  private int apply(Convolution convolution, int input) {
    return add(new Layer.Conv(convolution, input, layers.get(input).stride() * convolution.step()));
  }

  private int upsample(int input) {
    Layer read = layers.get(input);
    return add(new Layer.Upsample(input, read.channels(), read.stride() / 2));
  }

  private int concat(int... inputs) {
    int channels = 0;
    List<Integer> parts = new ArrayList<>();
    for (int input : inputs) {
      channels += layers.get(input).channels();
      parts.add(input);
    }
    return add(new Layer.Concat(List.copyOf(parts), channels, layers.get(inputs[0]).stride()));
  }

  private int sum(int first, int second) {
    Layer layer = layers.get(first);
    return add(new Layer.Add(List.of(first, second), layer.channels(), layer.stride()));
  }

  private int add(Layer layer) {
    layers.add(layer);
    return layers.size() - 1;
  }
}
