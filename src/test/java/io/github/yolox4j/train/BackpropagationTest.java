package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Scope;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackpropagationTest {

  /** Gradients pass through some twenty layers in 64 bits. */
  private static final double TOLERANCE = 1e-10;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void productsGiveAutogradsGradientsAlsoOfTwoBatchesAndOfAFrozenPart(boolean frozen) {
    long live = LiveNatives.count();
    try (YoloX network = YoloX.create(OfficialModel.TINY.spec().withClasses(3));
        var _ = new Scope()) {
      network.to(ScalarType.Double, false);
      Networks.toChannelsLast(network);
      TrainableNetwork all = TrainableNetwork.of(network);
      if (frozen) {
        all.state().forEach(BackpropagationTest::freeze);
      }
      TrainableNetwork trainable = TrainableNetwork.of(network);
      Tensor first = torch.rand(2, 3, 64, 96).to(ScalarType.Double);
      Tensor second = torch.rand(1, 3, 96, 64).to(ScalarType.Double);

      accumulate(
          new Autograd(trainable, Ranks.alone().gradients(trainable.trained())), first, second);
      List<Tensor> expected = gradients(trainable);
      network.zero_grad(true);
      accumulate(new WeightProducts(trainable), first, second);
      List<Tensor> actual = gradients(trainable);

      assertEquals(expected.size(), actual.size());
      for (int i = 0; i < expected.size(); i++) {
        double scale = expected.get(i).abs().max().item_double();
        double difference = actual.get(i).sub(expected.get(i)).abs().max().item_double();
        assertEquals(0, difference / scale, TOLERANCE);
      }
      Tensor ofBackbone = all.state().get("backbone.backbone.dark2.0.conv.weight").grad();
      assertEquals(!frozen, ofBackbone.defined());
    }
    LiveNatives.assertNoneLeftSince(live);
  }

  private static void freeze(String key, Tensor tensor) {
    if (key.startsWith("backbone.backbone") && tensor.is_floating_point()) {
      tensor.set_requires_grad(false);
    }
  }

  private static void accumulate(Backpropagation propagation, Tensor... batches) {
    for (Tensor batch : batches) {
      Tensor loss = null;
      for (LevelOutput level : propagation.forward(batch)) {
        Tensor part = level.boxes().mul(level.boxes()).mean().add(level.objectness().sum());
        loss = loss == null ? part : loss.add(part);
      }
      propagation.backward(loss);
    }
  }

  private static List<Tensor> gradients(TrainableNetwork network) {
    return network.parameters().values().stream()
        .map(Map::values)
        .flatMap(group -> group.stream())
        .map(Tensor::grad)
        .filter(Tensor::defined)
        .map(Tensor::clone)
        .toList();
  }
}
