package io.github.yolox4j.detect;

import io.github.yolox4j.engine.MadePredictions;
import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import java.util.ArrayList;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Selection and suppression over the 8400 anchor points and 80 classes of a 640x640 picture, at
 * confidence 0.01 and NMS 0.65. Objectness is the 8th power of a uniform number and class
 * confidence the 4th, so that about half of the anchor points pass.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PostprocessBenchmark {

  private static final int CLASSES = 80;
  private static final int SIDE = 640;
  private static final float CONFIDENCE = 0.01f;
  private static final float NMS = 0.65f;

  private float[] decoded;
  private Predictions predictions;

  @Setup
  public void open() {
    SplittableRandom random = new SplittableRandom(1);
    int row = 5 + CLASSES;
    decoded = new float[8400 * row];
    for (int i = 0; i < decoded.length; i++) {
      double u = random.nextDouble();
      decoded[i] =
          (float)
              switch (i % row) {
                case 0, 1 -> SIDE * u;
                case 2, 3 -> 5 + 100 * u;
                case 4 -> Math.pow(u, 8);
                default -> Math.pow(u, 4);
              };
    }
    AnchorGrid grid = AnchorGrid.of(Network.of(OfficialModel.S.spec()).predictions(), SIDE, SIDE);
    MadePredictions made =
        new MadePredictions(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (AnchorGrid.Level level : grid.levels()) {
      made.boxes().add(logits(random, 4 * level.size(), 1));
      made.objectness().add(logits(random, level.size(), 8));
      made.classes().add(logits(random, CLASSES * level.size(), 4));
    }
    predictions = made.maps(grid);
  }

  private static float[] logits(SplittableRandom random, int count, int power) {
    float[] values = new float[count];
    for (int i = 0; i < values.length; i++) {
      double p = Math.clamp(Math.pow(random.nextDouble(), power), 1e-9, 1 - 1e-9);
      values[i] = (float) Math.log(p / (1 - p));
    }
    return values;
  }

  @Benchmark
  public int[] fromDecodedPredictions() {
    return NonMaximumSuppression.keep(
        DecodedPredictions.select(decoded, CLASSES, CONFIDENCE), NMS, false);
  }

  @Benchmark
  public int[] fromTheNetworksMaps() {
    Candidates candidates = new Candidates();
    candidates.select(predictions, 0, CONFIDENCE);
    return NonMaximumSuppression.keep(candidates, NMS, false);
  }
}
