package io.github.yolox4j.engine;

import io.github.yolox4j.plan.InputShape;
import io.github.yolox4j.plan.Plan;
import io.github.yolox4j.plan.Workspace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The plans of the shapes that were wanted last, each with as many workspaces as ran at once.
 * Thread-safe; one shape is compiled by one thread while the others go on.
 */
final class PlanCache implements AutoCloseable {

  /** Sizes of test-time augmentation, of a last batch that is not full, and of a few callers. */
  private static final int MOST = 16;

  private final Function<Key, Plan> compiler;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(MOST, 0.75f, true);

  PlanCache(Function<Key, Plan> compiler) {
    this.compiler = compiler;
  }

  /** What plans differ by. */
  record Key(InputShape shape, int threads) {}

  /** A shape's plan; its fields are guarded by the entry. */
  private static final class Entry {
    private Plan plan; // null until it is compiled
    private final Deque<Workspace> idle = new ArrayDeque<>();
    private int leases;
    private boolean evicted;

    synchronized void evict() {
      evicted = true;
      freeIfUnused();
    }

    private void freeIfUnused() {
      if (evicted && leases == 0 && plan != null) {
        idle.forEach(Workspace::close);
        idle.clear();
        plan.close();
        plan = null;
      }
    }
  }

  /** A workspace that one thread has to itself. */
  static final class Lease implements AutoCloseable {
    private final Entry entry;
    private final Plan plan;
    private Workspace workspace; // null once it is given back

    private Lease(Entry entry, Plan plan, Workspace workspace) {
      this.entry = entry;
      this.plan = plan;
      this.workspace = workspace;
    }

    Plan plan() {
      return plan;
    }

    Workspace workspace() {
      if (workspace == null) {
        throw new IllegalStateException("the pass is closed");
      }
      return workspace;
    }

    @Override
    public void close() {
      synchronized (entry) {
        if (workspace != null) {
          entry.idle.push(workspace);
          workspace = null;
          entry.leases--;
          entry.freeIfUnused();
        }
      }
    }
  }

  /** Takes a workspace for a shape, compiling its plan if need be. */
  Lease lease(Key key) {
    Entry entry = reserve(key);
    synchronized (entry) {
      try {
        if (entry.plan == null) {
          entry.plan = compiler.apply(key);
        }
        Workspace workspace = entry.idle.isEmpty() ? entry.plan.workspace() : entry.idle.pop();
        return new Lease(entry, entry.plan, workspace);
      } catch (RuntimeException | Error e) {
        entry.leases--;
        entry.freeIfUnused();
        throw e;
      }
    }
  }

  /** Finds or adds a shape's entry, with one more lease so that it is not freed meanwhile. */
  private synchronized Entry reserve(Key key) {
    Entry entry = entries.computeIfAbsent(key, _ -> new Entry());
    synchronized (entry) {
      entry.leases++;
    }
    if (entries.size() > MOST) {
      var eldest = entries.entrySet().iterator();
      Entry dropped = eldest.next().getValue();
      eldest.remove();
      dropped.evict();
    }
    return entry;
  }

  @Override
  public synchronized void close() {
    entries.values().forEach(Entry::evict);
    entries.clear();
  }
}
