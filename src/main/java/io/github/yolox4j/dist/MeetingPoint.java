package io.github.yolox4j.dist;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.tensor.LibTorch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * Where ranks find each other, c10d's TCPStore: a small table of texts that one process serves and
 * all can read. Also the place where the first rank that fails leaves word. Owns native memory
 * until it is closed. Safe for use by many threads.
 */
final class MeetingPoint implements AutoCloseable {

  /** Where {@link #serve} listens. */
  static final String LOOPBACK = "127.0.0.1";

  private static final String FAILURE = "yolox4j/failure";
  private static final String SURVIVOR = "yolox4j/survivor/";

  private final TCPStore store;
  private final String prefix;

  private MeetingPoint(TCPStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  /** Why a rank ended. */
  record Failure(int rank, String sentence) {}

  /** Serves a meeting point, owned by the caller, for ranks on this machine on a free port. */
  static MeetingPoint serve() {
    return open(LOOPBACK, 0, true, Ranks.PATIENCE, "0");
  }

  /** Serves or joins the point of an environment. */
  static MeetingPoint of(RankEnvironment place, Duration patience) {
    boolean serves = place.rank() == 0 && !place.hosted();
    return open(place.address(), place.port(), serves, patience, place.attempt());
  }

  private static MeetingPoint open(
      String address, int port, boolean serves, Duration patience, String attempt) {
    LibTorch.load();
    try (TCPStoreOptions options = new TCPStoreOptions();
        Milliseconds timeout = new Milliseconds(patience.toMillis())) {
      options.port((short) port).isServer(serves).waitWorkers(false).timeout(timeout);
      return new MeetingPoint(new TCPStore(address, options), "yolox4j/" + attempt + "/");
    } catch (RuntimeException e) {
      throw new YoloxException(
          serves
              ? "Rank 0 cannot serve the meeting point %s:%d: %s"
                  .formatted(address, port, Collective.reason(e))
              : "The meeting point of the ranks, %s:%d, was not reached within %d s: %s"
                  .formatted(address, port, patience.toSeconds(), Collective.reason(e)),
          e);
    }
  }

  /** {@return the port, 1 to 65535} */
  public int port() {
    return Short.toUnsignedInt(store.getPort());
  }

  TCPStore store() {
    return store;
  }

  /** Leaves word of a failure, unless another rank was first. */
  void failed(int rank, String sentence) {
    store.compareSet(prefix + FAILURE, "", rank + "\n" + sentence);
  }

  /** Returns what the first rank that failed said. */
  Optional<Failure> failure() {
    if (!has(prefix + FAILURE)) {
      return Optional.empty();
    }
    String[] parts = store.get_to_str(prefix + FAILURE).split("\n", 2);
    return Optional.of(new Failure(Integer.parseInt(parts[0]), parts[1]));
  }

  /**
   * Says that this rank lives, waits for the others to say so, and returns those that did not.
   *
   * @param rank this rank
   * @param size the number of ranks
   * @param patience how long to wait
   */
  List<Integer> missing(int rank, int size, Duration patience) {
    store.set(prefix + SURVIVOR + rank, "");
    List<Integer> missing = new ArrayList<>();
    try (StringVector all = new StringVector();
        Milliseconds timeout = new Milliseconds(patience.toMillis())) {
      for (int i = 0; i < size; i++) {
        all.push_back(prefix + SURVIVOR + i);
      }
      store._wait(all, timeout);
    } catch (RuntimeException late) {
      for (int i = 0; i < size; i++) {
        if (!has(prefix + SURVIVOR + i)) {
          missing.add(i);
        }
      }
    }
    return missing;
  }

  private boolean has(String key) {
    try (StringVector keys = new StringVector(key)) {
      return store.check(keys);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
