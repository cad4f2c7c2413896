package io.github.yolox4j.cli;

import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;

/** The formats that the help names. */
final class ExportTargets implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Stream.of(ExportCommand.Target.values())
        .map(t -> t.name().toLowerCase(Locale.ROOT))
        .iterator();
  }
}
