package io.github.yolox4j.export;

import io.github.yolox4j.model.Arithmetic;
import java.util.List;

/**
 * Arithmetic of an ONNX graph's values.
 *
 * @param name what is computed in the end; what it is computed from is named after it
 */
record OnnxArithmetic(OnnxGraphBuilder graph, String name) implements Arithmetic<String> {

  @Override
  public String add(String a, String b) {
    return graph.node(name + ".moved", "Add", List.of(a, b));
  }

  @Override
  public String multiply(String a, String b) {
    return graph.node(name, "Mul", List.of(a, b));
  }

  @Override
  public String exp(String x) {
    return graph.node(name + ".relative", "Exp", List.of(x));
  }

  @Override
  public String sigmoid(String x) {
    return graph.node(name, "Sigmoid", List.of(x));
  }
}
