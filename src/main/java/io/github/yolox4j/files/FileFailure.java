package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why the file system refused, in words that name no path: the caller names the user's own. */
public final class FileFailure {

  private FileFailure() {}

  /**
   * {@return the reason of a failure, a part of a sentence, such as "permission denied"}
   *
   * @param e the failure
   */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "its folder does not exist";
      case NotDirectoryException _ -> "its folder is a file";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "a file of that name exists";
      case ClosedByInterruptException _ -> "the thread was interrupted";
      case FileSystemException f -> f.getReason() == null ? name(f) : f.getReason();
      default -> e.getMessage() == null ? name(e) : e.getMessage();
    };
  }

  /** The error for a file, or what is called otherwise, that cannot be written. */
  static YoloxException cannotWrite(Object target, IOException e) {
    return new YoloxException("%s cannot be written: %s".formatted(target, reason(e)), e);
  }

  private static String name(IOException e) {
    return e.getClass().getSimpleName();
  }
}
