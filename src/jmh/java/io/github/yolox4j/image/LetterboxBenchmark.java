package io.github.yolox4j.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Fitting a picture of 768x576 into 640x640. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LetterboxBenchmark {

  private final Letterbox letterbox = new Letterbox(640, 640);
  private Arena arena;
  private Picture picture;
  private MemorySegment input;

  @Setup
  public void open() {
    arena = Arena.ofShared();
    input = arena.allocate(640 * 640 * 3);
    picture = Picture.ofBgr(MemorySegment.ofArray(new byte[768 * 576 * 3]), 768, 576, 768 * 3);
  }

  @TearDown
  public void close() {
    picture.close();
    arena.close();
  }

  @Benchmark
  public MemorySegment letterbox() {
    letterbox.apply(picture.mat(), input, 3, false);
    return input;
  }
}
