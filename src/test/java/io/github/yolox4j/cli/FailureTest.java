package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void aClassThatCouldNotStartTellsItsReason() {
    YoloxException reason = new YoloxException("no libtorch for this platform");
    assertEquals(reason.getMessage(), Failure.sentence(new ExceptionInInitializerError(reason)));
    Error later = new NoClassDefFoundError("Could not initialize class X");
    later.initCause(new ExceptionInInitializerError(reason));
    assertEquals(reason.getMessage(), Failure.sentence(later));
  }

  @Test
  void otherErrorsAreSentencesToo() {
    String full = Failure.sentence(new OutOfMemoryError("Java heap space"));
    assertTrue(full.startsWith("Not enough memory: Java heap space"), full);
    String missing = Failure.sentence(new NoClassDefFoundError("a/B"));
    assertTrue(missing.startsWith("Part of the program is missing"), missing);
  }
}
