package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text files that people and their tools have written: UTF-8, with a byte order mark or without.
 */
public final class TextFile {

  /** No list of names or labels is longer. */
  private static final long MOST_BYTES = 1L << 28;

  private static final int MOST_DECLARATION = 256;

  private static final Pattern ENCODING =
      Pattern.compile("^[^<]*<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([\\w.:-]{1,40})[\"']");

  private TextFile() {}

  /**
   * Reads a file without its byte order mark.
   *
   * @param kind what to call it in messages, such as "Class file"; may be empty
   * @param file the file, of at most 256 MiB
   * @return its text
   * @throws YoloxException if the file is missing, too large, not UTF-8 or cannot be read
   */
  public static String read(String kind, Path file) {
    return read(kind, file, _ -> StandardCharsets.UTF_8);
  }

  /**
   * Reads an XML file, whose declaration may name another encoding.
   *
   * @param kind what to call it in messages, such as "Class file"; may be empty
   * @param file the file, of at most 256 MiB
   * @return its text
   * @throws YoloxException if the file is missing, too large, in another encoding than its
   *     declaration says, or cannot be read
   */
  public static String readXml(String kind, Path file) {
    return read(kind, file, TextFile::declared);
  }

  private static String read(String kind, Path file, Function<byte[], Charset> encoding) {
    String name = (kind + " " + file).strip();
    Charset charset = StandardCharsets.UTF_8;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new YoloxException(
            "%s has %d bytes; expected at most %d".formatted(name, Files.size(file), MOST_BYTES));
      }
      byte[] bytes = Files.readAllBytes(file);
      int start = starts(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
      if (starts(bytes, 0xFF, 0xFE) || starts(bytes, 0xFE, 0xFF)) {
        throw new YoloxException("%s is UTF-16 text; save it as UTF-8".formatted(name));
      }
      charset = encoding.apply(bytes);
      ByteBuffer text = ByteBuffer.wrap(bytes, start, bytes.length - start);
      return charset.newDecoder().decode(text).toString();
    } catch (NoSuchFileException e) {
      throw new YoloxException("%s does not exist".formatted(name), e);
    } catch (CharacterCodingException e) {
      throw new YoloxException("%s is not %s text".formatted(name, charset), e);
    } catch (IllegalArgumentException e) {
      throw new YoloxException(
          "%s declares an encoding that is not known: %s".formatted(name, e.getMessage()), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(name, FileFailure.reason(e)), e);
    }
  }

  private static Charset declared(byte[] bytes) {
    int length = Math.min(bytes.length, MOST_DECLARATION);
    String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    Matcher declaration = ENCODING.matcher(head);
    return declaration.find() ? Charset.forName(declaration.group(1)) : StandardCharsets.UTF_8;
  }

  /**
   * Reads a file's lines without the space around them.
   *
   * @param kind what to call it in messages, such as "Class file"; may be empty
   * @param file the file, of at most 256 MiB
   * @return a text per line, empty ones too
   * @throws YoloxException as {@link #read} does
   */
  public static List<String> lines(String kind, Path file) {
    return read(kind, file).lines().map(String::strip).toList();
  }

  private static boolean starts(byte[] bytes, int... mark) {
    boolean all = bytes.length >= mark.length;
    for (int i = 0; all && i < mark.length; i++) {
      all = Byte.toUnsignedInt(bytes[i]) == mark[i];
    }
    return all;
  }
}
