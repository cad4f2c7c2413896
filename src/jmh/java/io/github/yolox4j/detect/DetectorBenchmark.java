package io.github.yolox4j.detect;

import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.weights.PthWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The whole way from a decoded picture of 768x576 to its detections, with new weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class DetectorBenchmark {

  @Param({"NANO", "S"})
  public OfficialModel model;

  private Detector detector;
  private Picture picture;

  @Setup
  public void open() throws IOException {
    Path weights = Files.createTempFile("yolox4j", ".pth");
    try (YoloX network = YoloX.create(model.spec())) {
      PthWriter.write(weights, Map.of("model", Networks.arrays(network)));
      detector = Detector.open(weights);
    } finally {
      Files.delete(weights);
    }
    picture = Picture.ofBgr(MemorySegment.ofArray(new byte[768 * 576 * 3]), 768, 576, 768 * 3);
  }

  @TearDown
  public void close() {
    picture.close();
    detector.close();
  }

  @Benchmark
  public List<Detection> detect() {
    return detector.detect(picture);
  }
}
