package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;

/** What comes next from the sources. */
sealed interface Reading {

  /** A picture, owned by whoever takes it. */
  record Read(Frame frame) implements Reading {}

  /** A source that could not be read, or not to its end, with the sentence for the user. */
  record Unreadable(Source source, YoloxException reason) implements Reading {}

  /** There is nothing more. */
  record End() implements Reading {}

  /** What the decoder threw, which no source is to blame for. */
  record Failed(Throwable failure) implements Reading {}
}
