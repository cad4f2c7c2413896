package io.github.yolox4j.cli;

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
  private final InputFiles inputs;
  private final Map<Source, String> stems = new HashMap<>();

  /** Makes the folder. */
  OutputFolder(Path folder, List<Source> sources, Overwriting overwriting, InputFiles inputs) {
    this.folder = folder;
    this.overwriting = overwriting;
    this.inputs = inputs;
    NewFolder.made(folder);
    Set<String> taken = new HashSet<>();
    for (Source source : sources) {
      String stem = stem(source.place());
      String free = stem;
      for (int i = 2; !taken.add(free); i++) {
        free = stem + "-" + i;
      }
      stems.put(source, free);
    }
  }

  private static String stem(Path place) {
    String name = place.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return place.resolveSibling(dot > 0 ? name.substring(0, dot) : name).toString();
  }

  /** Refuses to start when a file of a whole source is there already. */
  void requireFree(Source source, String extension) {
    overwriting.allowed(folder.resolve(stems.get(source) + extension), inputs);
  }

  /** Returns the file of a picture or frame; makes its folder. */
  Path file(Frame.Decoded frame, String extension) {
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
    Path file = overwriting.allowed(folder.resolve(name), inputs);
    NewFolder.made(file.toAbsolutePath().getParent());
    return file;
  }
}
