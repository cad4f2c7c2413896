package io.github.yolox4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YoloxExceptionTest {

  @ParameterizedTest
  @ValueSource(strings = {"\033", "\n", "\r", "\t", "\u0085", "\u2028", "\u202E", "\uD800"})
  void charactersThatATerminalWouldObeyAreQuestionMarks(String character) {
    assertEquals("a?b", new YoloxException("a" + character + "b").getMessage());
    assertEquals("a?b", new YoloxException("a" + character + "b", null).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hünd ö.jpg", "猫.png", "می\u200Cخواهم", "\uD83D\uDC69\u200D\uD83D\uDE80"})
  void namesInEveryScriptStay(String name) {
    assertEquals(name, new YoloxException(name).getMessage());
  }
}
