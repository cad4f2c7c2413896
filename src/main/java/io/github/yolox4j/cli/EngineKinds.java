package io.github.yolox4j.cli;

import io.github.yolox4j.engine.EngineKind;
import java.util.Arrays;
import java.util.Iterator;

/** The engines that the help names. */
final class EngineKinds implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(EngineKind.values()).map(EngineKind::key).iterator();
  }
}
