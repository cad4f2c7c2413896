package io.github.yolox4j.ffi.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {

  private static List<String> arguments(Schema schema) {
    return schema.arguments().stream().map(each -> each.type() + " " + each.name()).toList();
  }

  @Test
  void signatureIsReadWithDefaultsAliasesAndKeywords() {
    Schema schema =
        Schema.parse(
            "aten::max_pool2d(Tensor(a -> *) self, int[2] kernel_size, int[2] stride=[],"
                + " int[2] padding=[0, 0], *, SymInt[2]? size=None, str mode=\"a\","
                + " Tensor?[] parts) -> (Tensor values, Tensor(b!) indices)");
    assertEquals("aten::max_pool2d", schema.qualified());
    assertEquals(
        List.of(
            "Tensor self",
            "int[] kernel_size",
            "int[] stride",
            "int[] padding",
            "int[]? size",
            "str mode",
            "Tensor?[] parts"),
        arguments(schema));
    assertEquals("[Tensor, Tensor]", schema.results().toString());
  }

  @Test
  void overloadListResultAndNoResultAreRead() {
    assertEquals(
        "aten::split.Tensor",
        Schema.parse("aten::split.Tensor(Tensor(a -> *) self, int n, int dim=0) -> Tensor(a)[]")
            .qualified());
    assertEquals(
        List.of(),
        Schema.parse("aten::_foreach_mul_.Tensor(Tensor(a!)[] self, Tensor other) -> ()")
            .results());
    assertEquals(List.of(), Schema.parse("aten::none() -> int").arguments());
  }

  @Test
  void whatCannotCrossIsRefused() {
    assertEquals(
        "'Scalar' in 'aten::mul.Scalar(Tensor self, Scalar other) -> Tensor' cannot cross"
            + " libtorch's stable interface",
        assertThrows(
                IllegalArgumentException.class,
                () -> Schema.parse("aten::mul.Scalar(Tensor self, Scalar other) -> Tensor"))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Schema.parse("aten::relu"));
    assertThrows(IllegalArgumentException.class, () -> Schema.parse("relu(Tensor x) -> Tensor"));
    assertThrows(
        IllegalArgumentException.class, () -> Schema.parse("aten::relu(Tensor) -> Tensor"));
  }
}
