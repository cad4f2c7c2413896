package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.video.VideoReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Something to detect in. Immutable. */
public sealed interface Source {

  /** {@return what to call it in results: the path or address as the user knows it} */
  String name();

  /** {@return the file that is read; nothing for a camera or stream} */
  Optional<Path> file();

  /** {@return where its results go below an output folder, a relative path} */
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
   * A part of a folder that cannot be searched, or whose name is no text.
   *
   * @param path the subfolder or file
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

  /**
   * {@return whether a file of a folder is taken for a picture or a video, by its extension}
   *
   * @param file the file
   */
  static boolean named(Path file) {
    return Picture.named(file)
        || VideoReader.named(file)
        || Extension.of(file).equals("gif"); // either
  }

  /**
   * {@return a file as a video or a picture, by its extension; with one that tells neither, by its
   * content}
   *
   * @param file the file
   * @param place where its results go below an output folder
   */
  static Source of(Path file, Path place) {
    return VideoReader.named(file) || (!Picture.named(file) && VideoReader.isVideo(file))
        ? new Video(file.toString(), Optional.of(file), place)
        : new PictureFile(file, place);
  }

  /**
   * Finds what names stand for, each file once.
   *
   * @param names pictures, folders (searched to their depth), patterns, videos, {@code camera:N} or
   *     streams' addresses
   * @return the sources in the order of their names, a folder's sorted
   * @throws YoloxException if there is nothing of a name, or a pattern is none, which a {@link
   *     java.util.regex.PatternSyntaxException} as its cause tells
   */
  static List<Source> find(List<String> names) {
    FileSet seen = new FileSet();
    return names.stream()
        .flatMap(name -> SourceSearch.find(name).stream())
        .filter(source -> source.file().isEmpty() || seen.add(source.file().get()))
        .toList();
  }
}
