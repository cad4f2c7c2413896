package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.files.FileSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What to detect in and where the results go. Immutable; each {@code with} and {@code to} gives a
 * changed copy.
 *
 * <pre>{@code
 * DetectionJob job =
 *     DetectionJob.of("photos", "clip.mp4")
 *         .to(Sinks.drawn(Path.of("found")))
 *         .to(Sinks.json(Path.of("found.json")));
 * try (Detector detector = Detector.open(Path.of("yolox_nano.pth"))) {
 *   job.run(detector, (done, total) -> System.out.println(done + " of " + total));
 * }
 * }</pre>
 *
 * @param sources what to detect in, at least one
 * @param sinks where the results go
 * @param batch the most pictures in one pass of the network, from 1; decoded, they wait in memory
 * @param overwriting which files may be written
 */
public record DetectionJob(
    List<Source> sources, List<SinkFactory> sinks, int batch, Overwriting overwriting) {

  /** The largest batch. */
  public static final int MOST_BATCH = 256;

  /** Copies the lists and checks the batch. */
  public DetectionJob {
    sources = List.copyOf(sources);
    sinks = List.copyOf(sinks);
    if (batch < 1 || batch > MOST_BATCH) {
      throw new YoloxException(
          "The batch is %d; expected at least 1, at most %d".formatted(batch, MOST_BATCH));
    }
  }

  /**
   * Detects in what names stand for, picture by picture; writes no file that exists.
   *
   * @param names pictures, folders (searched to their depth), patterns, videos, {@code camera:N} or
   *     streams' addresses
   * @return the job
   * @throws YoloxException if there is nothing of a name
   */
  public static DetectionJob of(String... names) {
    return new DetectionJob(Source.find(List.of(names)), List.of(), 1, Overwriting.NEVER);
  }

  /**
   * {@return the job with one more place for the results}
   *
   * @param sink one of {@link Sinks}, or a sink of one's own: {@code (_, _) -> (frame, found) ->
   *     ...}
   */
  public DetectionJob to(SinkFactory sink) {
    return new DetectionJob(
        sources, Stream.concat(sinks.stream(), Stream.of(sink)).toList(), batch, overwriting);
  }

  /**
   * {@return the job with so many pictures through the network at once}
   *
   * @param most from 1 to {@value #MOST_BATCH}
   */
  public DetectionJob withBatch(int most) {
    return new DetectionJob(sources, sinks, most, overwriting);
  }

  /** {@return the job with files that exist replaced, but none that is a source} */
  public DetectionJob replacingFiles() {
    FileSet read =
        FileSet.of(sources.stream().flatMap(source -> source.file().stream()).toArray(Path[]::new));
    Overwriting rule =
        target -> {
          if (Files.exists(target) && (!Files.isRegularFile(target) || read.contains(target))) {
            throw new YoloxException(
                "%s is a source or no regular file; expected another file to write"
                    .formatted(target));
          }
          return target;
        };
    return new DetectionJob(sources, sinks, batch, rule);
  }

  /**
   * {@return how many pictures there are: the number of sources; -1 with a video, whose frames
   * nobody has counted}
   */
  public int pictures() {
    return sources.stream().anyMatch(Source.Video.class::isInstance) ? -1 : sources.size();
  }

  /**
   * Opens the sinks and begins to decode, so that a detector can be opened meanwhile.
   *
   * @return the work, owned by the caller
   * @throws YoloxException if a sink cannot be opened
   */
  public DetectionStream open() {
    return new DetectionStream(this);
  }

  /**
   * Detects in all sources.
   *
   * @param detector stays the caller's
   * @param monitor is told how it goes on
   * @return what came of it
   * @throws YoloxException if detecting or writing fails, or this thread is interrupted; what was
   *     not finished is removed
   */
  public DetectionSummary run(Detector detector, StreamMonitor monitor) {
    try (DetectionStream stream = open()) {
      return stream.run(detector, monitor);
    }
  }
}
