package io.github.yolox4j.cli;

import io.github.yolox4j.proof.Slice;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.TypeConversionException;

/** The parts of the proof as the command line names them. */
final class ProofSlices implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(Slice.values()).map(Slice::toString).iterator();
  }

  static Slice parse(String text) {
    return Arrays.stream(Slice.values())
        .filter(slice -> slice.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no part of the proof; expected %s"
                        .formatted(text, String.join(", ", new ProofSlices()))));
  }
}
