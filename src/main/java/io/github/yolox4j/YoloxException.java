package io.github.yolox4j;

import java.util.regex.Pattern;

/**
 * An error that a user can act on. Its message is one sentence that names the file, line or image,
 * what was found and what was expected; the command line prints that sentence alone. Characters of
 * a file that a terminal would obey, or that would break the line, are shown as question marks.
 */
public class YoloxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Without the joiners, which some scripts spell with. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}&&[^\u200C\u200D]]");

  /**
   * Creates an error.
   *
   * @param message one sentence for the user
   */
  public YoloxException(String message) {
    super(visible(message));
  }

  /**
   * Creates an error with what caused it.
   *
   * @param message one sentence for the user
   * @param cause the underlying failure, shown by {@code --verbose} only
   */
  public YoloxException(String message, Throwable cause) {
    super(visible(message), cause);
  }

  private static String visible(String message) {
    return INVISIBLE.matcher(message).replaceAll("?");
  }
}
