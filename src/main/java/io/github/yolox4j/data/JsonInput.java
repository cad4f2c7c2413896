package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A JSON file read as a stream, whose errors name the file, the line and the entry at which reading
 * has arrived.
 */
public final class JsonInput implements AutoCloseable {

  /**
   * What reads a whole file.
   *
   * @param <T> what it makes of the file
   */
  @FunctionalInterface
  public interface Reading<T> {

    /**
     * Reads everything from the first token to the last.
     *
     * @param json the file, before its first token
     * @return its content
     * @throws IOException if the file cannot be read on
     */
    T read(JsonInput json) throws IOException;
  }

  // NaN is no JSON, but Python writes it; it is read so that it can be refused with its key
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final Path file;
  private final JsonParser parser;
  private String kind;
  private int entry;

  private JsonInput(Path file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * Reads a file to its end.
   *
   * @param <T> what is made of it
   * @param file a JSON file
   * @param reading what reads it
   * @return what that made of it
   * @throws YoloxException if the file is missing, unreadable, damaged or goes on behind its value
   */
  public static <T> T read(Path file, Reading<T> reading) {
    if (Files.isDirectory(file)) {
      throw new YoloxException("%s is a folder; expected a JSON file".formatted(file));
    }
    try (JsonInput json = new JsonInput(file, FACTORY.createParser(Files.newInputStream(file)))) {
      return json.read(reading);
    } catch (NoSuchFileException e) {
      throw new YoloxException("There is no file %s".formatted(file), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private <T> T read(Reading<T> reading) throws IOException {
    try {
      T content = reading.read(this);
      if (parser.nextToken() != null) {
        throw error("something follows where the file should end");
      }
      return content;
    } catch (JsonEOFException e) {
      throw error("the file ends in the middle; it is cut off", e);
    } catch (JsonProcessingException e) {
      throw error("this is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (OutOfMemoryError e) {
      throw error("what was read so far " + Heap.exceeded(), e);
    }
  }

  /**
   * Begins with the entries of an array.
   *
   * @param of what one is called in messages, such as "annotation"
   */
  public void entries(String of) {
    kind = of;
    entry = 0;
  }

  /**
   * Goes on to the next object of an array of entries.
   *
   * @return false at the end of the array
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public boolean nextEntry() throws IOException {
    entry++;
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      return true;
    }
    if (token == JsonToken.END_ARRAY) {
      kind = null;
      return false;
    }
    throw expected("an object");
  }

  /**
   * Goes on to the next key of an object and its value.
   *
   * @return the key, null at the end of the object
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if the file ends
   */
  public String nextKey() throws IOException {
    String key = parser.nextFieldName();
    if (key != null) {
      parser.nextToken();
    } else if (parser.currentToken() == null) {
      throw error("the file ends in the middle; it is cut off");
    }
    return key;
  }

  /**
   * Goes on to the next token.
   *
   * @return the token, null at the end of the file
   * @throws IOException if the file cannot be read on
   */
  public JsonToken next() throws IOException {
    return parser.nextToken();
  }

  /**
   * Returns the token that reading has arrived at.
   *
   * @return null at the end of the file
   */
  public JsonToken current() {
    return parser.currentToken();
  }

  /**
   * Skips the value that reading has arrived at.
   *
   * @throws IOException if the file cannot be read on
   */
  public void skip() throws IOException {
    parser.skipChildren();
  }

  /**
   * Refuses all but the begin of an array.
   *
   * @param what is expected, for the message
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public void requireArray(String what) throws IOException {
    if (current() != JsonToken.START_ARRAY) {
      throw expected(what);
    }
  }

  /**
   * Refuses all but the begin of an object.
   *
   * @param what is expected, for the message
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public void requireObject(String what) throws IOException {
    if (current() != JsonToken.START_OBJECT) {
      throw expected(what);
    }
  }

  /**
   * Reads a finite number.
   *
   * @param key its name, for the message
   * @return the number
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public double number(String key) throws IOException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
      throw expected(key + " as a number");
    }
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw error("%s is %s; expected a finite number".formatted(key, value));
    }
    return value;
  }

  /**
   * Reads a whole number; 42.0 is one.
   *
   * @param key its name, for the message
   * @return the number
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public long wholeNumber(String key) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    // Python programs write 42.0 for a number that went through a table of floats
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
        return (long) value;
      }
    }
    throw expected(key + " as a whole number");
  }

  /**
   * Reads true, false, 1 or 0.
   *
   * @param key its name, for the message
   * @return the truth
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public boolean flag(String key) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default ->
          switch ((int) Math.clamp(wholeNumber(key), -1L, 2L)) {
            case 0 -> false;
            case 1 -> true;
            default -> throw expected(key + " as 0 or 1");
          };
    };
  }

  /**
   * Reads a text.
   *
   * @param key its name, for the message
   * @return the text
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public String text(String key) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw expected(key + " as a text");
    }
    return parser.getText();
  }

  /**
   * Reads what names an image: a whole number or a text.
   *
   * @param key its name, for the message
   * @return the id
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public ImageId imageId(String key) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> new ImageId.OfText(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new ImageId.OfNumber(wholeNumber(key));
      default -> throw expected(key + " as a whole number or a text");
    };
  }

  /**
   * Reads a bounding box.
   *
   * @param box gets left, top, width and height in pixels
   * @throws IOException if the file cannot be read on
   * @throws YoloxException if it is something else; the message names file, line and entry
   */
  public void box(double[] box) throws IOException {
    requireArray("bbox as [left, top, width, height]");
    for (int i = 0; i < box.length; i++) {
      parser.nextToken();
      if (parser.currentToken() == JsonToken.END_ARRAY) {
        throw error("bbox has %d numbers; expected 4".formatted(i));
      }
      box[i] = number("bbox");
    }
    if (parser.nextToken() != JsonToken.END_ARRAY) {
      throw error("bbox has more than 4 numbers");
    }
  }

  /**
   * Returns where reading has arrived.
   *
   * @return a line, from 1
   */
  public int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /**
   * Refuses the entry unless a condition holds.
   *
   * @param condition what must hold
   * @param otherwise what to say of the entry
   * @throws YoloxException if it does not hold
   */
  public void require(boolean condition, String otherwise) {
    if (!condition) {
      throw error(otherwise);
    }
  }

  /**
   * Makes an error of what was found where something else should be.
   *
   * @param what is expected
   * @return an exception that names file, line and entry
   * @throws IOException if the file cannot be read on
   */
  public YoloxException expected(String what) throws IOException {
    JsonToken token = parser.currentToken();
    String found =
        switch (token) {
          case null -> "the end of the file";
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case END_OBJECT, END_ARRAY -> "nothing";
          default -> {
            String text = parser.getText();
            yield text.length() > 40 ? text.substring(0, 40) + "..." : text;
          }
        };
    return error("found %s; expected %s".formatted(found, what));
  }

  /**
   * Makes an error of the place that reading has arrived at.
   *
   * @param what is wrong
   * @return an exception that names file, line and entry
   */
  public YoloxException error(String what) {
    return error(what, null);
  }

  private YoloxException error(String what, Throwable cause) {
    String place = kind == null ? "" : ", %s %d".formatted(kind, entry);
    return new YoloxException(
        "%s line %d%s: %s".formatted(file, line(), place, what.replaceAll("\\p{C}", "?")), cause);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
