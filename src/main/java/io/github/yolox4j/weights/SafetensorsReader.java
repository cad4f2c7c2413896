package io.github.yolox4j.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the safetensors format: the header's length in 8 bytes, the header, a JSON object of each
 * tensor's type, shape and place, then the tensors, which must fill the rest without gap or
 * overlap.
 */
final class SafetensorsReader {

  /** What the format's own implementation allows. */
  private static final long MAX_HEADER = 100_000_000;

  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A tensor as the header describes it; {@code begin} and {@code end} count from the data. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Tensor(String key, WeightType dtype, long[] shape, long begin, long end) {}

  private final MappedFile file;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();

  private SafetensorsReader(MappedFile file) {
    this.file = file;
  }

  static Weights read(MappedFile file) {
    return new SafetensorsReader(file).read();
  }

  private Weights read() {
    long length = file.slice(0, Long.BYTES, "the header's length").get(LittleEndian.LONG, 0);
    if (length < 0 || length > MAX_HEADER) {
      throw file.broken(
          "its header claims %s bytes, where at most %d are allowed"
              .formatted(Long.toUnsignedString(length), MAX_HEADER));
    }
    byte[] header = file.slice(Long.BYTES, length, "the header").toArray(JAVA_BYTE);
    try (JsonParser json = JSON.createParser(header)) {
      expect(json, json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        expect(json, json.nextToken(), JsonToken.START_OBJECT);
        if (key.equals(METADATA)) {
          readMetadata(json);
        } else {
          tensors.add(readTensor(json, key));
        }
      }
      if (json.nextToken() != null) {
        throw file.broken("something follows the object in its header");
      }
    } catch (JsonProcessingException e) {
      throw file.broken("its header is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw file.broken("its header is not UTF-8 text", e);
    }
    return new Weights(file, arrays(Long.BYTES + length), metadata);
  }

  private void readMetadata(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      expect(json, json.nextToken(), JsonToken.VALUE_STRING);
      metadata.put(key, json.getText());
    }
  }

  private Tensor readTensor(JsonParser json, String key) throws IOException {
    String type = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "dtype" -> {
          expect(json, value, JsonToken.VALUE_STRING);
          type = json.getText();
        }
        case "shape" -> shape = readLongs(json);
        case "data_offsets" -> offsets = readLongs(json);
        default -> throw file.broken("tensor %s has an unknown field %s".formatted(key, field));
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw file.broken("tensor %s needs dtype, shape and two data_offsets".formatted(key));
    }
    String name = type;
    WeightType dtype =
        WeightType.ofSafetensorsName(type)
            .orElseThrow(
                () -> file.broken("tensor %s is of type %s, not supported".formatted(key, name)));
    return new Tensor(key, dtype, shape, offsets[0], offsets[1]);
  }

  private long[] readLongs(JsonParser json) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_ARRAY);
    List<Long> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT);
      values.add(json.getLongValue());
      if (values.size() > WeightArray.MAX_DIMENSIONS) {
        throw file.broken(
            "its header has a list of more than %d numbers".formatted(WeightArray.MAX_DIMENSIONS));
      }
    }
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private Map<String, WeightArray> arrays(long data) {
    List<Tensor> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
    long end = 0;
    for (Tensor tensor : ordered) {
      if (tensor.begin != end || tensor.end < tensor.begin) {
        throw file.broken(
            "tensor %s has data_offsets [%d, %d], where one that begins at %d must follow"
                .formatted(tensor.key, tensor.begin, tensor.end, end));
      }
      end = tensor.end;
    }
    if (end != file.size() - data) {
      throw file.broken(
          "its tensors take %d bytes, and %d bytes follow the header: it is damaged or cut off"
              .formatted(end, file.size() - data));
    }
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      arrays.put(tensor.key, array(tensor, data));
    }
    return arrays;
  }

  private WeightArray array(Tensor tensor, long data) {
    try {
      return WeightArray.of(
          tensor.dtype,
          file.bytes().asSlice(data + tensor.begin, tensor.end - tensor.begin),
          tensor.shape);
    } catch (IllegalArgumentException e) {
      throw file.broken("tensor %s: %s".formatted(tensor.key, e.getMessage()), e);
    }
  }

  private void expect(JsonParser json, JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw file.broken(
          "its header has %s where %s is expected, at byte %d"
              .formatted(found, expected, json.currentTokenLocation().getByteOffset()));
    }
  }
}
