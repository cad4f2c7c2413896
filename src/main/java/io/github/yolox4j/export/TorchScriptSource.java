package io.github.yolox4j.export;

import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Arithmetic;
import io.github.yolox4j.model.BoxCoding;
import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.nn.LayerOperators;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A model as the source text of a TorchScript module's methods. */
final class TorchScriptSource {

  private static final Arithmetic<String> SCRIPT =
      new Arithmetic<>() {
        @Override
        public String add(String a, String b) {
          return "(%s + %s)".formatted(a, b);
        }

        @Override
        public String multiply(String a, String b) {
          return "(%s * %s)".formatted(a, b);
        }

        @Override
        public String exp(String x) {
          return "torch.exp(%s)".formatted(x);
        }

        @Override
        public String sigmoid(String x) {
          return "torch.sigmoid(%s)".formatted(x);
        }
      };

  private final ModelInfo info;
  private final Network network;
  private final StringBuilder text = new StringBuilder();

  private TorchScriptSource(ModelInfo info) {
    this.info = info;
    this.network = info.network();
  }

  /** The attribute that holds a convolution's kernel. */
  static String weight(Convolution convolution) {
    return identifier(convolution) + "_weight";
  }

  /** The attribute that holds a convolution's bias. */
  static String bias(Convolution convolution) {
    return identifier(convolution) + "_bias";
  }

  /** Keys have dots, which names of attributes cannot have. */
  private static String identifier(Convolution convolution) {
    return convolution.key().replace('.', '_');
  }

  /** Writes the methods; {@link #kept} besides forward are to outlive freezing. */
  static String of(ModelInfo info) {
    TorchScriptSource source = new TorchScriptSource(info);
    source.facts();
    source.predictions();
    source.forward();
    return typed(source.text.toString());
  }

  /** Types of elements are numbers to libtorch's compiler, where Python has names for them. */
  private static String typed(String text) {
    return text.replace("torch.float32", String.valueOf(ScalarType.Float.value))
        .replace("torch.float16", String.valueOf(ScalarType.Half.value))
        .replace("torch.int64", String.valueOf(ScalarType.Long.value));
  }

  /** The methods that tell about the model. */
  static List<String> kept() {
    return List.of("class_names", "input_size", "strides");
  }

  private void line(String code) {
    text.append(code).append('\n');
  }

  private void facts() {
    List<String> names = info.classNames().stream().map(TorchScriptSource::literal).toList();
    line("def class_names(self) -> List[str]:\n    return " + names);
    List<Integer> size = List.of(info.spec().inputHeight(), info.spec().inputWidth());
    line("def input_size(self) -> List[int]:\n    return " + size);
    line("def strides(self) -> List[int]:\n    return " + network.strides());
  }

  private static String literal(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(Character.isISOControl(c) ? ' ' : c);
    }
    return quoted.append('"').toString();
  }

  private void predictions() {
    for (int i = 0; i < network.predictions().size(); i++) {
      level(i, network.predictions().get(i));
    }
    line("def predictions(self, pictures: Tensor) -> Tensor:");
    picture();
    for (int i = 0; i < network.layers().size(); i++) {
      layer(i, network.layers().get(i));
    }
    StringJoiner levels = new StringJoiner(", ");
    for (int i = 0; i < network.predictions().size(); i++) {
      StringJoiner parts = new StringJoiner(", ");
      network.predictions().get(i).parts().forEach(part -> parts.add(part(part)));
      levels.add("self.level%d(%s)".formatted(i, parts));
    }
    line("    return torch.cat([%s], 2).transpose(1, 2).contiguous()".formatted(levels));
  }

  private void level(int place, Prediction prediction) {
    line("def level%d(self, boxes: Tensor, objectness: Tensor, classes: Tensor):".formatted(place));
    line("    boxes = boxes.to(torch.float32)");
    if (decoded()) {
      BoxCoding coding = prediction.coding();
      String stride = String.valueOf(prediction.stride());
      Prediction.Size prior = prediction.prior();
      line(
          """
              columns = torch.arange(boxes.size(3), dtype=torch.float32, device=boxes.device)
              rows = torch.arange(boxes.size(2), dtype=torch.float32, device=boxes.device)
              x = %s
              y = %s
              width = %s
              height = %s
              boxes = torch.cat([x, y, width, height], 1)\
          """
              .formatted(
                  coding.centre(SCRIPT, "boxes[:, 0:1]", "columns.view([1, 1, 1, -1])", stride),
                  coding.centre(SCRIPT, "boxes[:, 1:2]", "rows.view([1, 1, -1, 1])", stride),
                  coding.size(SCRIPT, "boxes[:, 2:3]", String.valueOf(prior.width())),
                  coding.size(SCRIPT, "boxes[:, 3:4]", String.valueOf(prior.height()))));
    }
    line("    objectness = %s".formatted(SCRIPT.sigmoid("objectness.to(torch.float32)")));
    line("    classes = %s".formatted(SCRIPT.sigmoid("classes.to(torch.float32)")));
    line("    return torch.cat([boxes, objectness, classes], 1).flatten(2)");
  }

  private String part(Channels channels) {
    int all = network.layers().get(channels.layer()).channels();
    return channels.count() == all
        ? "x" + channels.layer()
        : "x%d[:, %d:%d]"
            .formatted(channels.layer(), channels.first(), channels.first() + channels.count());
  }

  private boolean decoded() {
    return !(info.options().output() instanceof Output.Predictions(boolean decoded)) || decoded;
  }

  private void picture() {
    if (info.options().picture()) {
      line("    pictures = pictures.permute([0, 3, 1, 2])");
    }
    line("    pictures = pictures.to(torch.float32)");
  }

  private String inType(String picture) {
    return info.options().half() ? picture + ".to(torch.float16)" : picture;
  }

  private static String standardise(String picture) {
    return "((%s.flip([1]) / %d - %s) / %s)"
        .formatted(
            picture,
            InputScaling.FULL,
            perChannel(InputScaling.MEAN),
            perChannel(InputScaling.DEVIATION));
  }

  private static String perChannel(List<Double> values) {
    return "torch.tensor(%s, dtype=torch.float32, device=pictures.device).view([1, -1, 1, 1])"
        .formatted(values);
  }

  private void layer(int place, Layer layer) {
    List<String> inputs = layer.inputs().stream().map(i -> "x" + i).toList();
    String all = String.join(", ", inputs);
    String code =
        switch (layer) {
          case Layer.Input _ -> network.standardised() ? "pictures" : inType("pictures");
          case Layer.Standardise _ -> inType(standardise(all));
          case Layer.SpaceToDepth _ ->
              "torch.cat([%1$s[:, :, ::2, ::2], %1$s[:, :, 1::2, ::2], %1$s[:, :, ::2, 1::2], %1$s[:, :, 1::2, 1::2]], 1)"
                  .formatted(all);
          case Layer.Conv conv -> convolution(conv.convolution(), all);
          case Layer.Operator operator -> LayerOperators.script(operator, inputs);
          case Layer.Add _ -> String.join(" + ", inputs);
        };
    line("    x%d = %s".formatted(place, code));
  }

  private static String convolution(Convolution convolution, String input) {
    String linear =
        "torch.conv2d(%s, self.%s, self.%s, %s, %s, [1, 1], %d)"
            .formatted(
                input,
                weight(convolution),
                bias(convolution),
                both(convolution.step()),
                both(convolution.padding()),
                convolution.groups());
    return convolution
        .activation()
        .map(
            function ->
                switch (function) {
                  case SILU -> "torch.silu(%s)".formatted(linear);
                  case RELU -> "torch.relu(%s)".formatted(linear);
                  case LRELU ->
                      String.format(
                          Locale.ROOT, "torch.leaky_relu(%s, %s)", linear, Activation.LEAKY_SLOPE);
                })
        .orElse(linear);
  }

  private static String both(int value) {
    return "[%1$d, %1$d]".formatted(value);
  }

  private void forward() {
    switch (info.options().output()) {
      case Output.Predictions _ ->
          line(
              "def forward(self, pictures: Tensor) -> Tensor:\n"
                  + "    return self.predictions(pictures)");
      case Output.Detections detections -> text.append(TorchScriptSuppression.source(detections));
    }
  }
}
