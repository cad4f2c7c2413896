package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Something to detect in. */
sealed interface Source {

  /** What to call it in results: the path or address as the user knows it. */
  String name();

  /** Where its results go below an output folder: a relative path. */
  Path place();

  /**
   * A picture file.
   *
   * @param file the file
   * @param place its path below the folder that was named, or its file name
   */
  record PictureFile(Path file, Path place) implements Source {
    @Override
    public String name() {
      return file.toString();
    }
  }

  /**
   * A video file, camera or stream.
   *
   * @param name the path or address
   * @param place a file name made from it
   */
  record Video(String name, Path place) implements Source {}

  /** Extensions that are looked for in folders. */
  Set<String> PICTURES =
      Set.of("jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "jp2", "avif");

  /** Extensions that are taken for videos. */
  Set<String> VIDEOS =
      Set.of("mp4", "avi", "mov", "mkv", "webm", "m4v", "mpg", "mpeg", "wmv", "flv", "ts", "3gp");

  /**
   * Finds what a user named: a picture, folder (searched to its depth), glob, video file, camera:N
   * or stream address.
   *
   * @throws YoloxException if there is nothing of that name
   */
  static List<Source> expand(String argument) {
    if (argument.startsWith("camera:") || argument.contains("://")) {
      return List.of(new Video(argument, Path.of(argument.replaceAll("[^A-Za-z0-9.-]+", "_"))));
    }
    Path path = Path.of(argument);
    if (Files.isDirectory(path)) {
      return pictures(path, path, file -> PICTURES.contains(extension(file)));
    }
    if (Files.exists(path)) {
      return List.of(of(path, path.getFileName()));
    }
    if (argument.matches(".*[*?\\[{].*")) {
      return glob(argument);
    }
    throw new YoloxException("Source %s does not exist".formatted(argument));
  }

  private static Source of(Path file, Path place) {
    return VIDEOS.contains(extension(file))
        ? new Video(file.toString(), place)
        : new PictureFile(file, place);
  }

  private static List<Source> glob(String pattern) {
    Path folder = Path.of("");
    for (Path part : Path.of(pattern)) {
      if (part.toString().matches(".*[*?\\[{].*")) {
        break;
      }
      folder = folder.resolve(part);
    }
    Path base = pattern.startsWith("/") ? Path.of("/").resolve(folder) : folder;
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    return pictures(base, Path.of(pattern), matcher);
  }

  private static List<Source> pictures(Path folder, Path named, PathMatcher matcher) {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .filter(matcher::matches)
          .sorted()
          .forEach(file -> sources.add(of(file, folder.relativize(file))));
    } catch (IOException e) {
      throw new YoloxException("Folder %s cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
    if (sources.isEmpty()) {
      throw new YoloxException("%s holds no pictures".formatted(named));
    }
    return sources;
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
