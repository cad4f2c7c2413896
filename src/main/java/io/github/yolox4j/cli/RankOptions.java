package io.github.yolox4j.cli;

import io.github.yolox4j.dist.LocalRanks;
import io.github.yolox4j.dist.RankEnvironment;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.tensor.ComputeDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** With how many processes a command computes. */
final class RankOptions {

  private static final String DEVICES = "--devices";
  private static final int MAX_DEVICES = 1024;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = DEVICES,
      paramLabel = "N",
      description = {
        "Trains with N processes on this machine, each on a GPU or on a share of the cores.",
        "On more machines, torchrun, Slurm or Kubernetes start the processes."
      })
  private Integer devices;

  @Option(
      names = "--rank-timeout",
      paramLabel = "S",
      defaultValue = "600",
      description = {
        "After so many seconds without another process it counts as lost",
        "(default: ${DEFAULT-VALUE}). One that ends is noticed at once."
      })
  private int patience;

  private Optional<RankEnvironment> place = Optional.empty();

  /** Finds this process's place among others; exit code if it has only started them. */
  Optional<Integer> launch() {
    if (patience < 1) {
      throw new WrongUsage("--rank-timeout is %d; expected at least 1".formatted(patience));
    }
    place = RankEnvironment.of(System.getenv());
    if (devices == null) {
      LocalRanks.endWithLauncher();
      return Optional.empty();
    }
    if (devices < 1 || devices > MAX_DEVICES) {
      throw new WrongUsage("%s is %d; expected 1 to %d".formatted(DEVICES, devices, MAX_DEVICES));
    }
    if (place.isPresent()) {
      throw new WrongUsage(
          "%s starts processes of its own; this one has been started as rank %d of %d"
              .formatted(DEVICES, place.get().rank(), place.get().size()));
    }
    return devices == 1
        ? Optional.empty()
        : Optional.of(LocalRanks.run(devices, OwnCommand.with(argumentsOfEach())));
  }

  private List<String> argumentsOfEach() {
    List<String> arguments =
        new ArrayList<>(command.root().commandLine().getParseResult().originalArgs());
    int at = arguments.indexOf(DEVICES);
    if (at >= 0) {
      arguments.subList(at, at + 2).clear();
    } else {
      arguments.removeIf(argument -> argument.startsWith(DEVICES + "="));
    }
    return arguments;
  }

  /** How many processes there are. */
  int size() {
    return place.map(RankEnvironment::size).orElse(1);
  }

  /** Whether this process writes files. */
  boolean first() {
    return place.isEmpty() || place.get().rank() == 0;
  }

  ComputeDevice device(ComputeOptions compute) {
    return place.isPresent()
        ? compute.device(place.get().localRank(), place.get().localSize())
        : compute.device();
  }

  Ranks join(ComputeDevice device) {
    return Ranks.join(place, device, Duration.ofSeconds(patience));
  }
}
