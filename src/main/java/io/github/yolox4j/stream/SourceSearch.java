package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.NameEncoding;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Finds the sources that a name stands for. */
final class SourceSearch {

  /** What makes a name a pattern. */
  private static final String PATTERN = ".*[*?\\[{].*";

  private SourceSearch() {}

  static List<Source> find(String name) {
    if (name.startsWith("camera:") || name.contains("://")) {
      Path place = Path.of(name.replaceAll("[^A-Za-z0-9.-]+", "_"));
      return List.of(new Source.Video(name, Optional.empty(), place));
    }
    Path path = path(name);
    if (Files.isDirectory(path)) {
      return search(path, path, Source::named);
    }
    if (Files.exists(path)) {
      return List.of(Source.of(path, path.getFileName()));
    }
    if (name.matches(PATTERN)) {
      return match(name);
    }
    throw new YoloxException("Source %s does not exist".formatted(name));
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new YoloxException(
          "Source %s does not exist: it is no name of a file in this locale".formatted(name), e);
    }
  }

  private static List<Source> match(String pattern) {
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
      throw new YoloxException(
          "Source %s is neither a file nor a pattern: %s".formatted(pattern, e.getDescription()),
          e);
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
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) {
              return named(folder.resolve(real.relativize(found)))
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) {
              Path place = real.relativize(found);
              Path file = folder.resolve(place);
              if (Files.isRegularFile(file) && matcher.matches(file) && named(file)) {
                sources.add(Source.of(file, place));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path found, IOException e) {
              Path path = folder.resolve(real.relativize(found));
              sources.add(new Source.Unsearchable(path, unreadable(path, e)));
              return FileVisitResult.CONTINUE;
            }

            // leaves out what has a name that is no text
            private boolean named(Path path) {
              Optional<String> fault = NameEncoding.fault(path);
              fault.ifPresent(
                  sentence ->
                      sources.add(new Source.Unsearchable(path, new YoloxException(sentence))));
              return fault.isEmpty();
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
}
