package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.image.Picture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link DetectionJob} in work: pictures are decoded ahead and results written behind on threads
 * of their own, while the network works. For one thread, and one run.
 */
public final class DetectionStream implements AutoCloseable {

  private final DetectionJob job;
  private final ResultWriter writer;
  private final Prefetch frames;
  private final List<Frame> waiting = new ArrayList<>();
  private final List<YoloxException> unreadable = new ArrayList<>();
  private long pictures;
  private Duration detecting = Duration.ZERO;

  DetectionStream(DetectionJob job) {
    this.job = job;
    writer = ResultWriter.open(job);
    frames = new Prefetch(new FrameReader(job.sources()));
  }

  /**
   * Detects in all sources and completes the sinks.
   *
   * @param detector stays the caller's
   * @param monitor is told how it goes on
   * @return what came of it
   * @throws YoloxException if detecting or writing fails, or this thread is interrupted
   */
  public DetectionSummary run(Detector detector, StreamMonitor monitor) {
    try {
      for (Reading next = frames.next(monitor::cancelled);
          !(next instanceof Reading.End);
          next = frames.next(monitor::cancelled)) {
        if (next instanceof Reading.Read(Frame frame)) {
          waiting.add(frame);
        } else if (next instanceof Reading.Unreadable(Source source, YoloxException reason)) {
          unreadable.add(reason);
          monitor.unreadable(source, reason);
        }
        if (waiting.size() >= job.batch() || !frames.ready()) {
          detect(detector, monitor);
          monitor.progress(pictures + unreadable.size(), job.pictures());
        }
        if (monitor.cancelled()) {
          break;
        }
      }
      detect(detector, monitor);
      writer.finish();
      return new DetectionSummary(pictures, unreadable, detecting);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new YoloxException("The detection was interrupted", e);
    }
  }

  private void detect(Detector detector, StreamMonitor monitor) throws InterruptedException {
    if (waiting.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    List<Picture> batch = waiting.stream().map(Frame::picture).toList();
    List<List<Detection>> results = detector.detect(batch);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    monitor.detected(batch.size(), time);
    detecting = detecting.plus(time);
    pictures += batch.size();
    for (List<Detection> detections : results) {
      writer.write(waiting.removeFirst(), detections);
    }
  }

  /** Stops decoding, frees all pictures and removes what was not finished. */
  @Override
  public void close() {
    try (writer;
        frames) {
      waiting.forEach(Frame::close);
    }
  }
}
