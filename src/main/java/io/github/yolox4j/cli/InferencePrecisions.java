package io.github.yolox4j.cli;

import io.github.yolox4j.tensor.Precision;
import java.util.Iterator;
import java.util.stream.Stream;

/** The precisions that the help names. */
final class InferencePrecisions implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Stream.of(Precision.FP32, Precision.BF16, Precision.FP16).map(Precision::key).iterator();
  }
}
