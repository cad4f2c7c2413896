package io.github.yolox4j.dist;

import io.github.yolox4j.YoloxException;
import java.util.Map;
import java.util.Optional;

/**
 * A process's place among those that train together, as launchers tell it in environment variables:
 * torchrun and the operators of Kubernetes in {@code RANK}, {@code WORLD_SIZE}, {@code LOCAL_RANK},
 * {@code LOCAL_WORLD_SIZE}, Slurm in {@code SLURM_PROCID}, {@code SLURM_NTASKS}, {@code
 * SLURM_LOCALID}, {@code SLURM_NTASKS_PER_NODE}; all of them with {@code MASTER_ADDR} and {@code
 * MASTER_PORT}.
 *
 * @param rank the process's number, from 0
 * @param size how many processes there are, at least 1
 * @param localRank its number on its machine, from 0
 * @param localSize how many of them are on its machine, at least 1
 * @param address the host where the ranks meet
 * @param port its port
 * @param hosted whether the launcher keeps the place where the ranks meet; else rank 0 does
 * @param attempt sets the ranks apart from those of an earlier start by the same launcher
 */
public record RankEnvironment(
    int rank,
    int size,
    int localRank,
    int localSize,
    String address,
    int port,
    boolean hosted,
    String attempt) {

  private static final String RANK = "RANK";
  private static final String WORLD_SIZE = "WORLD_SIZE";
  private static final String LOCAL_RANK = "LOCAL_RANK";
  private static final String LOCAL_WORLD_SIZE = "LOCAL_WORLD_SIZE";
  private static final String MASTER_ADDR = "MASTER_ADDR";
  private static final String MASTER_PORT = "MASTER_PORT";

  /** {@code True} if the launcher serves the port. */
  private static final String AGENT_STORE = "TORCHELASTIC_USE_AGENT_STORE";

  private static final String RESTARTS = "TORCHELASTIC_RESTART_COUNT";
  private static final String SLURM_RANK = "SLURM_PROCID";
  private static final String SLURM_SIZE = "SLURM_NTASKS";
  private static final String SLURM_LOCAL_RANK = "SLURM_LOCALID";
  private static final String SLURM_LOCAL_SIZE = "SLURM_NTASKS_PER_NODE";
  private static final int MAX_RANKS = 65_536;
  private static final int MAX_PORT = 65_535;

  /** Checks the numbers. */
  public RankEnvironment {
    within(RANK, rank, 0, size - 1);
    within(LOCAL_RANK, localRank, 0, localSize - 1);
    within(MASTER_PORT, port, 1, MAX_PORT);
  }

  /**
   * Reads the variables.
   *
   * @param environment the process's environment
   * @return its place; empty if nothing tells one, or there is only this process
   * @throws YoloxException if a variable is missing or is no number that makes sense
   */
  public static Optional<RankEnvironment> of(Map<String, String> environment) {
    boolean torch = environment.containsKey(RANK) || environment.containsKey(WORLD_SIZE);
    boolean slurm = environment.containsKey(SLURM_RANK) && environment.containsKey(MASTER_ADDR);
    if (!torch && !slurm) {
      return Optional.empty();
    }
    int size = number(environment, torch ? WORLD_SIZE : SLURM_SIZE, 1, MAX_RANKS);
    if (size == 1) {
      return Optional.empty();
    }
    int localRank = optional(environment, torch ? LOCAL_RANK : SLURM_LOCAL_RANK, 0);
    return Optional.of(
        new RankEnvironment(
            number(environment, torch ? RANK : SLURM_RANK, 0, size - 1),
            size,
            localRank,
            optional(environment, torch ? LOCAL_WORLD_SIZE : SLURM_LOCAL_SIZE, localRank + 1),
            required(environment, MASTER_ADDR),
            number(environment, MASTER_PORT, 1, MAX_PORT),
            environment.getOrDefault(AGENT_STORE, "").equals("True"),
            environment.getOrDefault(RESTARTS, "0")));
  }

  /** The variables from which {@link #of} reads this place, the attempt left out. */
  Map<String, String> variables() {
    return Map.of(
        RANK,
        Integer.toString(rank),
        WORLD_SIZE,
        Integer.toString(size),
        LOCAL_RANK,
        Integer.toString(localRank),
        LOCAL_WORLD_SIZE,
        Integer.toString(localSize),
        MASTER_ADDR,
        address,
        MASTER_PORT,
        Integer.toString(port),
        AGENT_STORE,
        hosted ? "True" : "False");
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new YoloxException(
          "The environment has no %s; training on several ranks needs %s, %s, %s and %s"
              .formatted(name, RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT));
    }
    return value;
  }

  private static int optional(Map<String, String> environment, String name, int otherwise) {
    return environment.containsKey(name) ? number(environment, name, 0, MAX_RANKS) : otherwise;
  }

  private static int number(Map<String, String> environment, String name, int least, int greatest) {
    String value = required(environment, name);
    int number;
    try {
      number = Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new YoloxException(
          "The environment's %s is '%s'; expected a whole number".formatted(name, value), e);
    }
    return within(name, number, least, greatest);
  }

  private static int within(String name, int number, int least, int greatest) {
    if (number < least || number > greatest) {
      throw new YoloxException(
          "The environment's %s is %d; expected %d to %d".formatted(name, number, least, greatest));
    }
    return number;
  }
}
