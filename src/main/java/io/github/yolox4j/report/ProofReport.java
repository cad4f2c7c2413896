package io.github.yolox4j.report;

import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.proof.ProofRecord;
import java.nio.file.Path;

/** A page about what a proof of a device has found so far. */
public final class ProofReport {

  private ProofReport() {}

  /**
   * Writes the page.
   *
   * @param target the file to make or replace, whole or not at all
   * @param proof the results
   * @throws io.github.yolox4j.YoloxException if the file cannot be written
   */
  public static void write(Path target, ProofRecord proof) {
    ProofPage page = new ProofPage(proof);
    AtomicFile.write(target, out -> HtmlPage.write(out, page.title(), page::writeTo));
  }
}
