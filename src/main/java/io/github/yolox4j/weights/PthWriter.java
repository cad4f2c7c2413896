package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes checkpoints in the zip format of torch.save, which Python's {@code torch.load} opens with
 * its default, safe settings. Tensors go to the file straight from their memory.
 */
public final class PthWriter {

  private static final String ROOT = "archive/";

  private PthWriter() {}

  /**
   * Writes a checkpoint. Its values may be maps with String, Integer or Long keys, lists, strings,
   * ints, floats, booleans, null and arrays. A map of arrays only is a state dict and becomes an
   * OrderedDict, other maps become dicts. Arrays that share a storage share it in the file; a view
   * of a part of a storage takes the whole storage along.
   *
   * @param target the file to make or replace, whole or not at all
   * @param root the checkpoint, for example {@code Map.of("model", weights.arrays())}
   * @throws YoloxException if the file cannot be written, or a value has another type
   */
  public static void write(Path target, Map<String, ?> root) {
    Pickler pickler = new Pickler();
    byte[] pickle = pickler.pickle(root);
    AtomicFile.writeChannel(
        target,
        channel -> {
          ZipWriter zip = new ZipWriter(channel);
          zip.add(ROOT + "data.pkl", MemorySegment.ofArray(pickle));
          zip.add(ROOT + "byteorder", ascii("little"));
          List<MemorySegment> storages = pickler.storages();
          for (int key = 0; key < storages.size(); key++) {
            zip.add(ROOT + "data/" + key, storages.get(key));
          }
          zip.add(ROOT + "version", ascii("3\n"));
          zip.finish();
        });
  }

  private static MemorySegment ascii(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
  }
}
