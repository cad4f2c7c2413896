package io.github.yolox4j.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes safetensors files. Tensors go to the file straight from their memory. */
public final class SafetensorsWriter {

  private static final JsonFactory JSON = new JsonFactory();

  private SafetensorsWriter() {}

  /**
   * Writes tensors, each a dense row-major copy. The header lists them in the order given; their
   * data are ordered by the size of their elements, largest first, so that each is aligned.
   *
   * @param target the file to make or replace, whole or not at all
   * @param arrays the tensors by key
   * @param metadata what the file shall say about itself; may be empty
   * @throws YoloxException if the file cannot be written, or a key is the one for metadata
   */
  public static void write(
      Path target, Map<String, WeightArray> arrays, Map<String, String> metadata) {
    if (arrays.containsKey(SafetensorsReader.METADATA)) {
      throw new YoloxException(
          "cannot write %s: no tensor may be called %s"
              .formatted(target, SafetensorsReader.METADATA));
    }
    List<Map.Entry<String, WeightArray>> placed = new ArrayList<>(arrays.entrySet());
    placed.sort(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()));
    Map<String, Long> begins = new HashMap<>();
    long end = 0;
    for (Map.Entry<String, WeightArray> entry : placed) {
      begins.put(entry.getKey(), end);
      end = Math.addExact(end, bytes(entry.getValue()));
    }
    AtomicFile.writeChannel(
        target,
        channel -> {
          Blocks.write(channel, header(arrays, begins, metadata));
          for (Map.Entry<String, WeightArray> entry : placed) {
            Blocks.forEach(
                entry.getValue().contiguousCopy().data(), block -> Blocks.write(channel, block));
          }
        });
  }

  private static long bytes(WeightArray array) {
    return Math.multiplyExact(array.elements(), array.dtype().bytes());
  }

  private static ByteBuffer header(
      Map<String, WeightArray> arrays, Map<String, Long> begins, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsReader.METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Map.Entry<String, WeightArray> entry : arrays.entrySet()) {
        WeightArray array = entry.getValue();
        long begin = begins.get(entry.getKey());
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("dtype", array.dtype().safetensorsName());
        writeLongs(json, "shape", array.shape());
        writeLongs(json, "data_offsets", begin, begin + bytes(array));
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while (out.size() % Long.BYTES != 0) {
      out.write(' ');
    }
    return LittleEndian.wrap(new byte[Long.BYTES + out.size()])
        .putLong(out.size())
        .put(out.toByteArray())
        .flip();
  }

  private static void writeLongs(JsonGenerator json, String field, long... values)
      throws IOException {
    json.writeFieldName(field);
    json.writeArray(values, 0, values.length);
  }
}
