package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.TextFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a kind of data set lies in a folder. */
interface DatasetLayout {

  /** What a folder in this layout is known by, for people. */
  String sign();

  /** Whether a folder is in this layout. */
  boolean recognises(Path folder);

  /** The names of a folder's splits. */
  List<String> splits(Path folder);

  /** Opens a split of a folder; what is wrong in it is left out where the faults allow it. */
  Dataset open(Path folder, String split, Faults faults);

  /** Opens a split that a description tells. */
  Dataset open(DatasetDescription description, String split, Faults faults);

  /** Where the pictures of a split go. */
  Path images(Path folder, String split);

  /** Writes what is known of a split, whose pictures are there. */
  void write(Path folder, String split, GroundTruth truth);

  /** Writes what makes a data set of the splits that have been written. */
  default void finish(Path folder, List<String> splits, List<String> classNames) {}

  /** What of some ignored objects is lost, as a sentence. */
  default Optional<String> loss(int ignored) {
    return Optional.empty();
  }

  /**
   * The files of a folder and its subfolders down to a depth, sorted. Links are followed; hidden
   * files, and what macOS puts beside others, are not there.
   */
  static List<Path> files(Path folder, int depth) {
    try (Stream<Path> files = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> !hidden(folder.relativize(file)) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (UncheckedIOException | IOException e) {
      IOException cause = e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
      throw new YoloxException(
          "Folder %s cannot be read: %s".formatted(folder, FileFailure.reason(cause)), e);
    }
  }

  private static boolean hidden(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".") || part.toString().equals("__MACOSX")) {
        return true;
      }
    }
    return false;
  }

  /** A folder of a data set that holds a split's images. */
  record SplitFolder(String split, Path path) {}

  /** The folders of a data set that are called like a split. */
  static List<SplitFolder> splitFolders(Path folder) {
    return Stream.concat(Dataset.SPLITS.stream(), Stream.of(DatasetDescription.VALID))
        .map(
            name ->
                new SplitFolder(
                    name.equals(DatasetDescription.VALID) ? "val" : name, folder.resolve(name)))
        .filter(each -> Files.isDirectory(each.path()))
        .toList();
  }

  /** A file's path in a folder as data sets write it, with slashes. */
  static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace(File.separatorChar, '/');
  }

  /** The lines of a text file that have something on them. */
  static List<String> lines(Path file) {
    return TextFile.lines("", file).stream().filter(line -> !line.isEmpty()).toList();
  }

  /** A file's name without its extension. */
  static String stem(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? fileName : fileName.substring(0, dot);
  }

  /** Writes a text file. */
  static void writeLines(Path file, List<String> lines) {
    String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
