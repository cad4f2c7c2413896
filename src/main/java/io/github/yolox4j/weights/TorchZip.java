package io.github.yolox4j.weights;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the zip format that torch.save writes since PyTorch 1.6. */
final class TorchZip {

  private static final String PICKLE = "/data.pkl";

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
    if (zip.names().contains(root + "/byteorder")) {
      String order = MappedFile.utf8(zip.content(root + "/byteorder"));
      if (!order.equals("little")) {
        throw file.broken("its numbers are not little-endian; save it again on another machine");
      }
    }
    MemorySegment pickle = zip.content(root + PICKLE);
    if (pickle.byteSize() > Unpickler.MAX_STRING) {
      throw file.broken("its pickle has %d bytes: refused".formatted(pickle.byteSize()));
    }
    return new Unpickler(file, pickle, 0, this::storage).load();
  }

  private Storage storage(StorageId id) {
    if (id.length() != id.elements()) {
      throw new IllegalArgumentException("a view of a storage, which this format does not have");
    }
    Storage storage =
        storages.computeIfAbsent(id.key(), key -> new Storage(id.type(), content(key)));
    if (storage.type() != id.type() || storage.data().byteSize() != id.bytes()) {
      throw file.broken(
          "storage %s has %d bytes of %s, where %d bytes of %s are expected"
              .formatted(
                  id.key(), storage.data().byteSize(), storage.type(), id.bytes(), id.type()));
    }
    return storage;
  }

  private MemorySegment content(String key) {
    return zip.content(root + "/data/" + key);
  }
}
