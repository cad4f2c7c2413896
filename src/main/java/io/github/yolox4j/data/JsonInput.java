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
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A JSON file read as a stream. Where it is not as expected, a {@link YoloxException} names the
 * file, the line and the entry at which reading has arrived.
 */
final class JsonInput implements AutoCloseable {

  /** Reads everything from the first token, which has been read, to the last. */
  @FunctionalInterface
  interface Reading<T> {
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

  /** Reads a file to its end. */
  static <T> T read(Path file, Reading<T> reading) {
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
      parser.nextToken();
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

  /** Enters an object, described for messages. */
  void object(String what) throws IOException {
    require(JsonToken.START_OBJECT, what);
  }

  /** Reads what an object of an array holds, whose start has been read. */
  @FunctionalInterface
  interface Entry {
    void read() throws IOException;
  }

  /**
   * Reads an array of objects.
   *
   * @param what the array, for messages
   * @param of what each is called in messages
   * @param refused is told of one that is not as expected, which is passed over if this returns
   * @param reader reads each
   */
  void entries(String what, String of, Consumer<YoloxException> refused, Entry reader)
      throws IOException {
    require(JsonToken.START_ARRAY, what);
    kind = of;
    for (entry = 1; parser.nextToken() != JsonToken.END_ARRAY; entry++) {
      JsonToken began = parser.currentToken();
      int depth = parser.getParsingContext().getNestingDepth();
      try {
        object("an object");
        reader.read();
      } catch (YoloxException e) {
        refused.accept(e);
        leave(began, depth);
      }
    }
    kind = null;
  }

  /** Goes on to the end of an entry, somewhere in which reading has stopped. */
  private void leave(JsonToken began, int depth) throws IOException {
    if (began == JsonToken.START_ARRAY) {
      parser.skipChildren();
    }
    while (began == JsonToken.START_OBJECT
        && !(parser.currentToken() == JsonToken.END_OBJECT
            && parser.getParsingContext().getNestingDepth() < depth)) {
      if (parser.nextToken() == null) {
        throw error("the file ends in the middle; it is cut off");
      }
    }
  }

  private void require(JsonToken token, String what) throws IOException {
    if (parser.currentToken() != token) {
      throw expected(what);
    }
  }

  /** Goes on to the next key of an object and its value; null at the end of the object. */
  String nextKey() throws IOException {
    String key = parser.nextFieldName();
    if (key != null) {
      parser.nextToken();
    } else if (parser.currentToken() == null) {
      throw error("the file ends in the middle; it is cut off");
    }
    return key;
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  /** A finite number. */
  double number(String key) throws IOException {
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

  /** A whole number; 42.0 is one. */
  long wholeNumber(String key) throws IOException {
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

  /** True, false, 1 or 0. */
  boolean flag(String key) throws IOException {
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

  String text(String key) throws IOException {
    require(JsonToken.VALUE_STRING, key + " as a text");
    return parser.getText();
  }

  /** What names an image: a whole number or a text. */
  ImageId imageId(String key) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> new ImageId.OfText(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new ImageId.OfNumber(wholeNumber(key));
      default -> throw expected(key + " as a whole number or a text");
    };
  }

  /** A box; null where it is empty. */
  BoundingBox box() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(JsonToken.START_ARRAY, "bbox as [left, top, width, height]");
    double[] box = new double[4];
    for (int i = 0; i < box.length; i++) {
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        if (i == 0) {
          return null;
        }
        throw error("bbox has %d numbers; expected 4".formatted(i));
      }
      box[i] = number("bbox");
    }
    if (parser.nextToken() != JsonToken.END_ARRAY) {
      throw error("bbox has more than 4 numbers");
    }
    return new BoundingBox(box[0], box[1], box[2], box[3]);
  }

  /** The bounds of an outline: lists of points, or COCO's run lengths; null of nothing. */
  BoundingBox outline() throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> polygons();
      case START_OBJECT -> RunLengths.read(this).bounds();
      default -> throw expected("segmentation as lists of points or as run lengths");
    };
  }

  private BoundingBox polygons() throws IOException {
    DoubleStream.Builder points = DoubleStream.builder();
    int count = 0;
    int depth = 1;
    while (depth > 0) {
      switch (parser.nextToken()) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case null, default -> {
          points.add(number("segmentation"));
          count++;
        }
      }
    }
    if (count % 2 != 0) {
      throw error("segmentation has %d numbers; expected pairs".formatted(count));
    }
    return count == 0 ? null : BoundingBox.around(points.build().toArray());
  }

  /** An array of whole numbers. */
  long[] wholeNumbers(String key) throws IOException {
    require(JsonToken.START_ARRAY, key + " as whole numbers");
    LongStream.Builder numbers = LongStream.builder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(wholeNumber(key));
    }
    return numbers.build().toArray();
  }

  boolean atText() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  /** Where reading has arrived, from 1. */
  int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /** Refuses the entry unless a condition holds. */
  void require(boolean condition, String otherwise) {
    if (!condition) {
      throw error(otherwise);
    }
  }

  private YoloxException expected(String what) throws IOException {
    JsonToken token = parser.currentToken();
    String found =
        switch (token) {
          case null -> "the end of the file";
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case END_OBJECT, END_ARRAY -> "nothing";
          default -> {
            String text = parser.getText();
            String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
            yield token == JsonToken.VALUE_STRING ? "the text \"%s\"".formatted(shown) : shown;
          }
        };
    return error("found %s; expected %s".formatted(found, what));
  }

  /** An error at the place that reading has arrived at. */
  YoloxException error(String what) {
    return error(what, null);
  }

  private YoloxException error(String what, Throwable cause) {
    String place = kind == null ? "" : ", %s %d".formatted(kind, entry);
    return new YoloxException("%s line %d%s: %s".formatted(file, line(), place, what), cause);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
