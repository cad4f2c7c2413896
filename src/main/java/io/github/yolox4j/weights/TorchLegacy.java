package io.github.yolox4j.weights;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the format that torch.save wrote before PyTorch 1.6: a magic number, a version, facts about
 * the machine, the tree and the list of storage keys, each a pickle, then each storage's number of
 * elements and its bytes.
 */
final class TorchLegacy {

  /** The magic number as it lies in the file. */
  static final String STORED_MAGIC = "6cfc9c46f9206aa85019";

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  private final MappedFile file;
  private final Map<String, StorageId> wanted = new HashMap<>();
  private final Map<String, MemorySegment> found = new HashMap<>();

  private TorchLegacy(MappedFile file) {
    this.file = file;
  }

  /** Reads the tree of plain values and tensors. */
  static Object read(MappedFile file) {
    return new TorchLegacy(file).read();
  }

  private Object read() {
    Unpickler magic = next(0);
    if (!MAGIC.equals(magic.load())) {
      throw file.broken("it does not begin with PyTorch's magic number");
    }
    Unpickler version = next(magic.position());
    if (!(version.load() instanceof Long number && number == VERSION)) {
      throw file.broken(
          "it is of a version of PyTorch's old format other than %d".formatted(VERSION));
    }
    Unpickler machine = next(version.position());
    if (!(machine.load() instanceof Map<?, ?> facts
        && Boolean.TRUE.equals(facts.get("little_endian")))) {
      throw file.broken("its numbers are not little-endian; save it again on another machine");
    }
    // the storages lie behind the tree: once through it to find where, once more to read it
    Unpickler tree = new Unpickler(file, file.bytes(), machine.position(), this::note);
    tree.load();
    findStorages(tree.position());
    return new Unpickler(file, file.bytes(), machine.position(), this::storage).load();
  }

  private Unpickler next(long position) {
    return Unpickler.plain(file, file.bytes(), position);
  }

  private Storage note(StorageId id) {
    StorageId known = wanted.putIfAbsent(id.key(), id);
    if (known != null && (known.type() != id.type() || known.elements() != id.elements())) {
      throw new IllegalArgumentException("storage %s has two types or sizes".formatted(id.key()));
    }
    return new Storage(id.type(), null);
  }

  private void findStorages(long position) {
    Unpickler keys = next(position);
    if (!(keys.load() instanceof List<?> list)) {
      throw file.broken("the list of its storages is missing: it is damaged");
    }
    long at = keys.position();
    for (Object key : list) {
      StorageId id = key instanceof String name ? wanted.get(name) : null;
      if (id == null || found.containsKey(id.key())) {
        throw file.broken("the list of its storages does not fit its tensors: it is damaged");
      }
      String what = "storage " + id.key();
      long elements = file.slice(at, Long.BYTES, what).get(LittleEndian.LONG, 0);
      if (elements != id.elements()) {
        throw file.broken(
            "%s has %d elements, where %d are expected".formatted(what, elements, id.elements()));
      }
      found.put(id.key(), file.slice(at + Long.BYTES, id.bytes(), what));
      at += Long.BYTES + id.bytes();
    }
  }

  private Storage storage(StorageId id) {
    MemorySegment data = found.get(id.key());
    if (data == null) {
      throw file.broken("storage %s is missing: it is damaged or cut off".formatted(id.key()));
    }
    long size = id.type().bytes();
    return new Storage(id.type(), data.asSlice(id.offset() * size, id.length() * size));
  }
}
