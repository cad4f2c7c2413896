package io.github.yolox4j.eval;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs a detector over a data set. Pictures are worked on in parallel, each by one thread from its
 * file to its boxes, so that reading, the network and suppression of different pictures overlap.
 */
public final class ModelDetections {

  private ModelDetections() {}

  /**
   * Detects in every image, with all cores: on the CPU a picture has one thread from file to boxes,
   * because many pictures at once use the cores better than many threads on one.
   *
   * @param detector the detector; its class k is the category of the k-th lowest id
   * @param data the images
   * @param shard which of them
   * @param device where the detector computes
   * @param batch the pictures of one pass of the network, at least 1
   * @param progress is told after each pass how many images are done
   * @return the detections in the order of the images, whatever the number of threads
   * @throws YoloxException if the numbers of classes differ or an image cannot be read
   */
  public static Detections detect(
      Detector detector,
      Dataset data,
      Shard shard,
      ComputeDevice device,
      int batch,
      IntConsumer progress) {
    GroundTruth truth = data.truth();
    if (detector.spec().classes() != truth.categories().size()) {
      throw new YoloxException(
          "%s has %d categories; the model has %d classes"
              .formatted(truth.source(), truth.categories().size(), detector.spec().classes()));
    }
    int[] images =
        IntStream.iterate(shard.first(), i -> i < truth.images().size(), i -> i + shard.count())
            .toArray();
    List<Path> files =
        Arrays.stream(images).mapToObj(i -> truth.images().get(i).in(data.images())).toList();
    AtomicInteger finished = new AtomicInteger();
    List<Future<List<List<Detection>>>> passes = new ArrayList<>();
    ThreadFactory makes = Thread.ofPlatform().name("evaluate-", 0).factory();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            IntraOpThreads.count(), device.cuda() ? makes : IntraOpThreads.alone(makes))) {
      for (int from = 0; from < files.size(); from += batch) {
        List<Path> some = files.subList(from, Math.min(from + batch, files.size()));
        passes.add(
            threads.submit(
                () -> {
                  List<List<Detection>> found = detect(detector, some);
                  progress.accept(finished.addAndGet(some.size()));
                  return found;
                }));
      }
      Detections detections = new Detections(truth);
      int done = 0;
      for (Future<List<List<Detection>>> pass : passes) {
        for (List<Detection> found : result(pass, threads)) {
          add(detections, images[done++], found);
        }
      }
      return detections;
    }
  }

  private static List<List<Detection>> detect(Detector detector, List<Path> files) {
    List<Picture> pictures = new ArrayList<>();
    try {
      files.forEach(file -> pictures.add(Picture.read(file)));
      return detector.detect(pictures);
    } finally {
      pictures.forEach(Picture::close);
    }
  }

  private static <T> T result(Future<T> pass, ExecutorService threads) {
    try {
      return pass.get();
    } catch (ExecutionException e) {
      threads.shutdownNow();
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new YoloxException("The evaluation was interrupted", e);
    }
  }

  /** Width, height and score are those of 32-bit arithmetic, as in the reference. */
  private static void add(Detections detections, int image, List<Detection> found) {
    for (Detection d : found) {
      BoundingBox box = new BoundingBox(d.x1(), d.y1(), d.x2() - d.x1(), d.y2() - d.y1());
      detections.add(image, d.classId(), box, d.score());
    }
  }
}
