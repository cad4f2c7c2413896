package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import java.util.List;

/** Opens a place for the results of known sources. */
@FunctionalInterface
public interface SinkFactory {

  /**
   * Opens the sink and refuses early what could not be written later.
   *
   * @param sources what results will come from
   * @param overwriting which files may be written
   * @return the sink, owned by the caller
   * @throws YoloxException if it cannot be opened
   */
  ResultSink open(List<Source> sources, Overwriting overwriting);
}
