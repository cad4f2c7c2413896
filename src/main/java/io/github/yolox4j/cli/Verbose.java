package io.github.yolox4j.cli;

/** A command that shows where a failure came from when asked to. */
interface Verbose {

  /** Returns whether {@code --verbose} was given. */
  boolean verbose();
}
