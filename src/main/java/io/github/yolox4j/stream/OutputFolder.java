package io.github.yolox4j.stream;

import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.NewFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A folder with an output file per source, or per frame of a video, laid out like the sources. Two
 * sources of the same name get different files.
 */
final class OutputFolder {

  private final Path folder;
  private final Overwriting overwriting;
  private final Map<Source, String> stems = new HashMap<>();

  /** Makes the folder. */
  OutputFolder(Path folder, List<Source> sources, Overwriting overwriting) {
    this.folder = NewFolder.made(folder);
    this.overwriting = overwriting;
    Set<String> taken = new HashSet<>();
    for (Source source : sources) {
      if (source instanceof Source.Unsearchable) {
        continue; // its name may be no text
      }
      String stem = Extension.replace(source.place(), "").toString();
      String free = stem;
      for (int i = 2; !taken.add(free); i++) {
        free = stem + "-" + i;
      }
      stems.put(source, free);
    }
  }

  /** Refuses to start when a file of a whole source may not be written. */
  void requireFree(Source source, String extension) {
    overwriting.allowed(folder.resolve(stems.get(source) + extension));
  }

  /** Returns the file of a picture or frame; makes its folder. */
  Path file(Frame frame, String extension) {
    String number =
        frame.number().isPresent()
            ? String.format(Locale.ROOT, "_%06d", frame.number().getAsLong())
            : "";
    return made(stems.get(frame.source()) + number + extension);
  }

  /** Returns the file of a whole source; makes its folder. */
  Path file(Source source, String extension) {
    return made(stems.get(source) + extension);
  }

  private Path made(String name) {
    Path file = overwriting.allowed(folder.resolve(name));
    NewFolder.made(file.toAbsolutePath().getParent());
    return file;
  }
}
