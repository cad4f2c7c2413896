package io.github.yolox4j.cli;

import io.github.yolox4j.engine.EngineKind;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.TypeConversionException;

/** The engines as the command line names them. */
final class EngineKinds implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(EngineKind.values()).map(EngineKind::key).iterator();
  }

  static EngineKind parse(String text) {
    return Arrays.stream(EngineKind.values())
        .filter(kind -> kind.key().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no engine; expected %s"
                        .formatted(text, String.join(", ", new EngineKinds()))));
  }
}
