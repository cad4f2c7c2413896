package io.github.yolox4j;

/**
 * An error that a user can act on. Its message is one sentence that names the file, line or image,
 * what was found and what was expected; the command line prints that sentence alone.
 */
public class YoloxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an error.
   *
   * @param message one sentence for the user
   */
  public YoloxException(String message) {
    super(message);
  }

  /**
   * Creates an error with what caused it.
   *
   * @param message one sentence for the user
   * @param cause the underlying failure, shown by {@code --verbose} only
   */
  public YoloxException(String message, Throwable cause) {
    super(message, cause);
  }
}
