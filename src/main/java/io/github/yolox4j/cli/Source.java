package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** Something to detect in. */
sealed interface Source {

  /** What to call it in results: the path or address as the user knows it. */
  String name();

  /** The file to read; nothing for a camera or stream. */
  Optional<Path> file();

  /** Where its results go below an output folder: a relative path. */
  Path place();

  /**
   * A picture file.
   *
   * @param path the file
   * @param place its path below the folder that was named, or its file name
   */
  record PictureFile(Path path, Path place) implements Source {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public Optional<Path> file() {
      return Optional.of(path);
    }
  }

  /**
   * A video file, camera or stream.
   *
   * @param name the path or address
   * @param file the file; nothing for a camera or stream
   * @param place the file's path below the folder that was named, or a name made from the address
   */
  record Video(String name, Optional<Path> file, Path place) implements Source {}

  /**
   * A part of a folder that cannot be searched.
   *
   * @param path the subfolder
   * @param reason the sentence for the user
   */
  record Unsearchable(Path path, YoloxException reason) implements Source {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public Optional<Path> file() {
      return Optional.empty();
    }

    @Override
    public Path place() {
      return path;
    }
  }

  /** What makes an argument a glob. */
  String PATTERN = ".*[*?\\[{].*";

  /** Extensions that are taken for videos. */
  Set<String> VIDEOS =
      Set.of("mp4", "avi", "mov", "mkv", "webm", "m4v", "mpg", "mpeg", "wmv", "flv", "ts", "3gp");

  /**
   * Finds what a user named, each file once.
   *
   * @throws YoloxException if there is nothing of a name
   */
  static List<Source> expand(List<String> arguments) {
    InputFiles seen = new InputFiles();
    return arguments.stream()
        .flatMap(argument -> expand(argument).stream())
        .filter(source -> source.file().isEmpty() || seen.add(source.file().get()))
        .toList();
  }

  /**
   * Finds what one argument names: a picture, folder (searched to its depth), glob, video file,
   * camera:N or stream address.
   *
   * @throws YoloxException if there is nothing of that name
   */
  private static List<Source> expand(String argument) {
    if (argument.startsWith("camera:") || argument.contains("://")) {
      return List.of(
          new Video(
              argument, Optional.empty(), Path.of(argument.replaceAll("[^A-Za-z0-9.-]+", "_"))));
    }
    Path path = Path.of(argument);
    if (Files.isDirectory(path)) {
      return search(
          path,
          path,
          file -> Picture.EXTENSIONS.contains(extension(file)) || VIDEOS.contains(extension(file)));
    }
    if (Files.exists(path)) {
      return List.of(of(path, path.getFileName()));
    }
    if (argument.matches(PATTERN)) {
      return glob(argument);
    }
    throw new YoloxException("Source %s does not exist".formatted(argument));
  }

  private static Source of(Path file, Path place) {
    return VIDEOS.contains(extension(file))
        ? new Video(file.toString(), Optional.of(file), place)
        : new PictureFile(file, place);
  }

  private static List<Source> glob(String pattern) {
    Path folder = Path.of("");
    for (Path part : Path.of(pattern)) {
      if (part.toString().matches(PATTERN)) {
        break;
      }
      folder = folder.resolve(part);
    }
    Path base = pattern.startsWith("/") ? Path.of("/").resolve(folder) : folder;
    if (!Files.isDirectory(base)) {
      throw new YoloxException("Source %s does not exist".formatted(pattern));
    }
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return search(base, Path.of(pattern), matcher);
    } catch (PatternSyntaxException e) {
      throw new WrongUsage(
          "Source %s is neither a file nor a pattern: %s".formatted(pattern, e.getDescription()));
    }
  }

  private static List<Source> search(Path folder, Path named, PathMatcher matcher) {
    List<Source> sources = new ArrayList<>();
    try {
      // the folder that was named may be a link; links below it are not followed
      Path real = folder.toRealPath();
      Files.walkFileTree(
          real,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) {
              Path place = real.relativize(found);
              Path file = folder.resolve(place);
              if (Files.isRegularFile(file) && matcher.matches(file)) {
                sources.add(of(file, place));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path found, IOException e) {
              Path path = folder.resolve(real.relativize(found));
              sources.add(new Unsearchable(path, unreadable(path, e)));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    if (sources.isEmpty()) {
      throw new YoloxException("%s holds no pictures or videos".formatted(named));
    }
    sources.sort(Comparator.comparing(Source::place));
    return sources;
  }

  private static YoloxException unreadable(Path path, IOException e) {
    return new YoloxException("%s cannot be read: %s".formatted(path, FileFailure.reason(e)), e);
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
