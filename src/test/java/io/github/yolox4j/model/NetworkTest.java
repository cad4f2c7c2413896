package io.github.yolox4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkTest {

  @ParameterizedTest
  @CsvSource({
    "NANO, 912159, 1.08, 642",
    "TINY, 5055855, 6.45, 462",
    "S, 8968255, 26.8, 462",
    "M, 25326495, 73.8, 606",
    "L, 54208895, 155.6, 750",
    "X, 99071455, 281.9, 894",
    "DARKNET53, 63724767, 185.3, 528",
  })
  void parametersOperationsAndTensorsAreThePublishedOnes(
      OfficialModel model, long parameters, double gflops, int tensors) {
    Network network = Network.of(model.spec());
    assertEquals(parameters, network.parameters());
    assertEquals(tensors, network.stateDict().size());
    double counted = network.flops(model.spec().inputHeight(), model.spec().inputWidth()) / 1e9;
    double lastDigit = gflops < 10 ? 0.01 : 0.1;
    assertEquals(gflops, counted, lastDigit / 2, "published to this digit");
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void everyDeclaredConvolutionRunsOnce(OfficialModel model) {
    Network network = Network.of(model.spec());
    assertEquals(network.convolutions().size(), new HashSet<>(network.executionOrder()).size());
    assertEquals(new HashSet<>(network.convolutions()), new HashSet<>(network.executionOrder()));
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void specificationIsToldFromTheShapes(OfficialModel model) {
    ModelSpec spec = model.spec().withClasses(7).withInputChannels(1);
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Network.of(spec)
        .stateDict()
        .forEach(e -> shapes.put(e.key(), e.shape().stream().mapToLong(Long::longValue).toArray()));
    assertEquals(spec, SpecInference.infer(shapes).orElseThrow());
  }
}
