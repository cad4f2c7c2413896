package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.NameEncoding;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a kind of data set lies in a folder. */
interface DatasetLayout {

  int SHOWN = 80;

  /** What a folder in this layout is known by, for people. */
  String sign();

  /**
   * Whether a folder has something of a name that only this layout gives; no pictures are listed.
   */
  boolean hasSign(Path folder);

  /** Whether a folder without any layout's sign has files of this one. */
  default boolean recognises(Path folder) {
    return false;
  }

  /** The names of a folder's splits. */
  List<String> splits(Path folder);

  /** Opens a split of a folder; what is wrong in it is left out where the faults allow it. */
  Dataset open(Path folder, String split, Faults faults);

  /** Opens a split that a description tells: of the folder that it names. */
  default Dataset open(DatasetDescription description, String split, Faults faults) {
    String folder = description.root().path(split).path("folder").asText("");
    return open(description.beside(folder), split, faults);
  }

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
   * files, and what macOS puts beside others, are not there, nor is what has a name that is no
   * text.
   */
  static List<Path> files(Path folder, int depth, Faults faults) {
    try (Stream<Path> files = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> !hidden(folder.relativize(file)) && Files.isRegularFile(file))
          .filter(file -> isText(file, faults))
          .sorted()
          .toList();
    } catch (UncheckedIOException | IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isText(Path file, Faults faults) {
    Optional<String> fault = NameEncoding.fault(file);
    fault.ifPresent(sentence -> faults.found(FindingKind.UNREADABLE_NAME, sentence));
    return fault.isEmpty();
  }

  /** The files of a folder itself that have an extension; the others are not looked at. */
  static List<Path> files(Path folder, String extension) {
    return list(folder, extension, files -> files.sorted().toList());
  }

  /** Whether a folder itself has a file of an extension; looks no further than to the first. */
  static boolean holds(Path folder, String extension) {
    return list(folder, extension, files -> files.findAny().isPresent());
  }

  private static <T> T list(Path folder, String extension, Function<Stream<Path>, T> use) {
    try (Stream<Path> files = Files.list(folder)) {
      return use.apply(
          files.filter(
              file ->
                  Extension.of(file).equals(extension)
                      && !hidden(file.getFileName())
                      && NameEncoding.fault(file).isEmpty()
                      && Files.isRegularFile(file)));
    } catch (UncheckedIOException | IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static YoloxException unreadable(Path folder, Exception e) {
    IOException cause = e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
    return new YoloxException(
        "Folder %s cannot be read: %s".formatted(folder, FileFailure.reason(cause)), e);
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
    return Dataset.SPLIT_KEYS.stream()
        .map(name -> new SplitFolder(Dataset.split(name), folder.resolve(name)))
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

  /** A file that a list names, absolutely or with backslashes too, if it stays in the folder. */
  static Path inside(Path folder, String name) {
    String slashed = name.replace('\\', '/');
    String prefix = folder.toString().replace(File.separatorChar, '/') + '/';
    return ContainedPath.resolve(
        folder, slashed.startsWith(prefix) ? slashed.substring(prefix.length()) : slashed);
  }

  /** The beginning of a line, for people. */
  static String shown(String line) {
    String clean = line.substring(0, Math.min(SHOWN, line.length())).replaceAll("\\p{C}", "?");
    return line.length() > SHOWN ? clean + "..." : clean;
  }

  /** A file's name without its extension. */
  static String stem(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? fileName : fileName.substring(0, dot);
  }

  /** Writes the names of classes as the lines of a file. */
  static void writeNames(Path file, List<String> classNames) {
    for (String name : classNames) {
      if (!name.equals(name.strip()) || name.isEmpty() || name.lines().count() != 1) {
        throw new YoloxException(
            "The class \"%s\" cannot be written as a line of %s"
                .formatted(name, file.getFileName()));
      }
    }
    writeLines(file, classNames);
  }

  /** Writes a text file. */
  static void writeLines(Path file, List<String> lines) {
    String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
