package io.github.yolox4j.augment;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.image.Letterbox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
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

/** One thread making samples of 640x640 with mosaic and mixup from COCO pictures. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class SampleBenchmark {

  private static final Path DATA = Path.of("..", "shared", "data", "coco-val128");
  private static final Letterbox INPUT = new Letterbox(640, 640);

  /** A megabyte for each of the 128 pictures is not enough, two are. */
  @Param({"0", "268435456"})
  public long cacheBytes;

  private ImageCache cache;
  private TrainingSamples samples;
  private SampleMaker maker;
  private Sampler sampler;
  private Arena arena;
  private MemorySegment pixels;
  private long position;

  @Setup
  public void open() {
    GroundTruth truth = GroundTruth.read(DATA.resolve("instances.json"));
    cache = ImageCache.inMemory(cacheBytes);
    samples =
        new TrainingSamples(
            new Dataset(truth, DATA.resolve("images")), Augmentation.DEFAULT, INPUT, 0, cache);
    maker = samples.maker();
    sampler = new Sampler(samples.size(), 0, 0, 1);
    arena = Arena.ofShared();
    pixels = arena.allocate(640 * 640 * 3);
    for (int i = 0; i < samples.size(); i++) {
      samples.picture(i).close();
    }
  }

  @TearDown
  public void close() {
    maker.close();
    cache.close();
    arena.close();
  }

  @Benchmark
  public int sample() {
    Sampler.Pick pick = sampler.at(position++);
    return maker.make(pick.image(), pick.pass(), true, pixels).total();
  }
}
