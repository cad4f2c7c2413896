package io.github.yolox4j.embed;

/** A number that stands for no open detector. */
final class NoSuchDetectorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoSuchDetectorException(long handle) {
    super(
        "There is no detector %s; it was never opened or has been closed"
            .formatted(Long.toUnsignedString(handle)));
  }
}
