package io.github.yolox4j.bench;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How fast a kind of work is, batch by batch.
 *
 * @param work what was done
 * @param precision what it computed in
 * @param speeds by ascending batch, at least one; the share of idle time is of batch 1 and of the
 *     fastest
 * @param refused the smallest batch that was found not to fit; 0 if there was none
 * @param failure why it did not, where that was not for want of memory
 */
public record SpeedByBatch(
    Work work,
    Precision precision,
    List<BatchSpeed> speeds,
    int refused,
    Optional<String> failure) {

  /** Kinds of work. */
  public enum Work {
    /** From pictures to candidates for detections. */
    INFERENCE,
    /** Steps of training. */
    TRAINING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static SpeedByBatch measure(
      Work work, Precision precision, Workload workload, ComputeDevice device, double seconds) {
    BatchSearch.Found found = BatchSearch.run(workload, device, seconds);
    BatchSpeed single = found.speeds().getFirst();
    BatchSpeed fastest = fastest(found.speeds());
    List<BatchSpeed> speeds =
        found.speeds().stream()
            .map(
                speed ->
                    speed.equals(single) || speed.equals(fastest)
                        ? speed.withIdle(IdleShare.of(workload, speed, device, seconds))
                        : speed)
            .toList();
    return new SpeedByBatch(work, precision, speeds, found.refused(), found.failure());
  }

  private static BatchSpeed fastest(List<BatchSpeed> speeds) {
    return speeds.stream()
        .max(Comparator.comparingDouble(BatchSpeed::imagesPerSecond))
        .orElseThrow();
  }

  /** {@return the batch with most pictures per second, one of the speeds} */
  public BatchSpeed fastest() {
    return fastest(speeds);
  }

  /**
   * Sums up for people.
   *
   * @return one line
   */
  @Override
  public String toString() {
    BatchSpeed single = speeds.getFirst();
    BatchSpeed fastest = fastest();
    StringBuilder says = new StringBuilder();
    says.append(
        String.format(
            Locale.ROOT,
            "%s in %s: %.2f ms at batch 1%s, %.1f images/s at batch %d%s",
            work,
            precision.key(),
            single.milliseconds(),
            idle(single),
            fastest.imagesPerSecond(),
            fastest.batch(),
            fastest.equals(single) ? "" : idle(fastest)));
    if (refused > 0) {
      says.append("; %d does not fit".formatted(refused));
      failure.ifPresent(why -> says.append(" (").append(why).append(')'));
      says.append(", %d does".formatted(speeds.getLast().batch()));
    }
    return says.toString();
  }

  private static String idle(BatchSpeed speed) {
    return speed.idle().isEmpty()
        ? ""
        : String.format(Locale.ROOT, ", idle %.0f %% of it", 100 * speed.idle().getAsDouble());
  }
}
