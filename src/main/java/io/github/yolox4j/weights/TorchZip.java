package io.github.yolox4j.weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the zip format that torch.save writes since PyTorch 1.6. */
final class TorchZip {

  private static final String PICKLE = "/data.pkl";
  private static final String LITTLE = "little";

  /** A pickle that is longer, compared with its file, has been deflated from repetitions. */
  private static final int MAX_PICKLE_RATIO = 8;

  private final MappedFile file;
  private final ZipArchive zip;
  private final String root;
  private final Map<String, Storage> storages = new HashMap<>();

  private TorchZip(MappedFile file) {
    this.file = file;
    this.zip = new ZipArchive(file);
    List<String> roots =
        zip.names().stream()
            .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .map(name -> name.substring(0, name.length() - PICKLE.length()))
            .toList();
    if (roots.size() != 1) {
      throw file.broken("it is a zip archive without data.pkl, not a PyTorch checkpoint");
    }
    this.root = roots.getFirst();
  }

  /** Reads the tree of plain values and tensors. */
  static Object read(MappedFile file) {
    return new TorchZip(file).read();
  }

  private Object read() {
    boolean script =
        zip.names().stream()
            .anyMatch(
                name -> name.equals(root + "/constants.pkl") || name.startsWith(root + "/code/"));
    if (script) {
      throw file.broken(
          "it is a TorchScript program, which holds code; save the model's state_dict instead");
    }
    String order = root + "/byteorder";
    if (zip.names().contains(order)) {
      boolean little =
          zip.size(order) == LITTLE.length() && MappedFile.utf8(zip.content(order)).equals(LITTLE);
      if (!little) {
        throw file.broken("its numbers are not little-endian; save it again on another machine");
      }
    }
    // sizes are asked before something is inflated to them
    long bytes = zip.size(root + PICKLE);
    if (bytes > Math.min(Unpickler.MAX_STRING, MAX_PICKLE_RATIO * file.size())) {
      throw file.broken(
          "its pickle has %d bytes in a file of %d: refused".formatted(bytes, file.size()));
    }
    return new Unpickler(file, zip.content(root + PICKLE), 0, this::storage).load();
  }

  private Storage storage(StorageId id) {
    if (id.length() != id.elements()) {
      throw new IllegalArgumentException("a view of a storage, which this format does not have");
    }
    String name = root + "/data/" + id.key();
    Storage known = storages.get(id.key());
    WeightType type = known == null ? id.type() : known.type();
    if (type != id.type() || zip.size(name) != id.bytes()) {
      throw file.broken(
          "storage %s has %d bytes of %s, where %d bytes of %s are expected"
              .formatted(id.key(), zip.size(name), type, id.bytes(), id.type()));
    }
    return storages.computeIfAbsent(id.key(), _ -> new Storage(type, zip.content(name)));
  }
}
