package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which tells contents apart, as 64 digits in lower case. */
public final class Sha256 {

  private static final int BLOCK_BYTES = 1 << 20;

  private Sha256() {}

  /**
   * {@return the checksum of a file}
   *
   * @param file a file of any size
   * @throws YoloxException if it cannot be read
   */
  public static String of(Path file) {
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = new byte[BLOCK_BYTES];
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        digest.update(block, 0, count);
      }
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * {@return the checksum of bytes}
   *
   * @param bytes any number of them
   */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
