package io.github.yolox4j.report;

import io.github.yolox4j.bench.BenchResult;
import io.github.yolox4j.files.AtomicFile;
import java.nio.file.Path;

/** A page about a model's speed on a machine. */
public final class BenchReport {

  private BenchReport() {}

  /**
   * Writes the page, which needs no other file.
   *
   * @param target the file to make or replace, whole or not at all
   * @param result the figures
   * @throws io.github.yolox4j.YoloxException if the file cannot be written
   */
  public static void write(Path target, BenchResult result) {
    BenchPage page = new BenchPage(result);
    AtomicFile.write(target, out -> HtmlPage.write(out, page.title(), page::writeTo));
  }
}
