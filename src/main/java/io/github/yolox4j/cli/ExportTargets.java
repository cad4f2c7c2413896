package io.github.yolox4j.cli;

import io.github.yolox4j.export.ExportTarget;
import java.util.Iterator;
import java.util.stream.Stream;

/** The formats that the help names. */
final class ExportTargets implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Stream.of(ExportTarget.values()).map(ExportTarget::key).iterator();
  }
}
