package io.github.yolox4j.loss;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Label assignment per image: 640x640, 80 classes, 20 objects an image, eight images a batch. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SimOtaBenchmark {

  private static final int BATCH = 8;
  private static final int CLASSES = 80;
  private static final int OBJECTS = 20;
  private static final int SIDE = 640;

  /** Which version. */
  @Param public AssignmentRule rule;

  private Scope scope;
  private GridPredictions predictions;
  private Targets targets;

  @Setup(Level.Trial)
  public void make() {
    scope = new Scope();
    SplittableRandom random = new SplittableRandom(1);
    AnchorGrid points = AnchorGrid.of(Network.of(OfficialModel.S.spec()).predictions(), SIDE, SIDE);
    int row = 5 + CLASSES;
    float[] rows = new float[BATCH * points.size() * row];
    for (int i = 0; i < rows.length; i += row) {
      int anchor = i / row % points.size();
      AnchorGrid.Level level = points.level(anchor);
      rows[i] = (float) level.x(level.column(anchor));
      rows[i + 1] = (float) level.y(level.row(anchor));
      rows[i + 2] = (float) (level.prediction().stride() * Math.exp(random.nextGaussian() + 1));
      rows[i + 3] = (float) (level.prediction().stride() * Math.exp(random.nextGaussian() + 1));
      for (int c = 4; c < row; c++) {
        rows[i + c] = (float) (random.nextGaussian() - 4);
      }
    }
    Tensor all = Tensors.of(rows, BATCH, points.size(), row);
    Tensor decoded = all.narrow(2, 0, 4).contiguous();
    predictions =
        new GridPredictions(
            points,
            decoded,
            decoded,
            all.select(2, 4).contiguous(),
            all.narrow(2, 5, CLASSES).contiguous(),
            GridPredictions.grid(points, decoded));
    List<Labels> labels = new ArrayList<>();
    for (int b = 0; b < BATCH; b++) {
      int[] classIds = new int[OBJECTS];
      double[] boxes = new double[4 * OBJECTS];
      for (int i = 0; i < OBJECTS; i++) {
        classIds[i] = random.nextInt(CLASSES);
        boxes[4 * i] = random.nextDouble() * SIDE;
        boxes[4 * i + 1] = random.nextDouble() * SIDE;
        boxes[4 * i + 2] = 16 + random.nextDouble() * 200;
        boxes[4 * i + 3] = 16 + random.nextDouble() * 200;
      }
      labels.add(Labels.of("image " + b, classIds, boxes));
    }
    targets = Targets.of(Labels.of(labels), predictions);
  }

  @TearDown(Level.Trial)
  public void free() {
    scope.close();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Assignment assign() {
    try (var _ = new Scope()) {
      return rule.assigner().assign(predictions, targets);
    }
  }
}
