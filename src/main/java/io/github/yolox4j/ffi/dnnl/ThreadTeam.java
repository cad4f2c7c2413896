package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The OpenMP threads that compute primitives. Java code runs on the same threads, so that two pools
 * never compete for the processor's cores. Every calling thread has a team of its own.
 */
public final class ThreadTeam {

  private static final int NO_FLAGS = 0;

  private ThreadTeam() {}

  /**
   * Sets how many threads the calling thread's primitives are made for and run on.
   *
   * @param threads at least 1
   */
  public static void resize(int threads) {
    OneDnn.load();
    try {
      Calls.SET_THREADS.invokeExact(threads);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  /**
   * Work that every thread of a team does a share of. Belongs to the arena it was made with; for
   * one calling thread at a time.
   */
  @SuppressWarnings("restricted")
  public static final class Job {

    private static final MethodHandle SHARE;

    static {
      try {
        SHARE =
            MethodHandles.lookup()
                .findVirtual(
                    Job.class, "share", MethodType.methodType(void.class, MemorySegment.class));
      } catch (ReflectiveOperationException impossible) {
        throw new LinkageError(impossible.getMessage(), impossible);
      }
    }

    private final Runnable work;
    private final MemorySegment entry;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * Prepares work.
     *
     * @param arena owns what is native of it
     * @param work runs once on each thread of the team at the same time; takes its share from a
     *     counter of its own
     */
    public Job(Arena arena, Runnable work) {
      OneDnn.load();
      this.work = work;
      this.entry =
          Linker.nativeLinker()
              .upcallStub(SHARE.bindTo(this), FunctionDescriptor.ofVoid(ADDRESS), arena);
    }

    /**
     * Runs the work and returns when all threads have finished.
     *
     * @param threads how many run it, the calling thread among them
     */
    public void run(int threads) {
      if (threads == 1) {
        work.run();
        return;
      }
      try {
        Calls.PARALLEL.invokeExact(entry, MemorySegment.NULL, threads, NO_FLAGS);
      } catch (Throwable e) {
        throw Downcall.failure(e);
      }
      Throwable thrown = failure.getAndSet(null);
      if (thrown != null) {
        throw new IllegalStateException("a thread of the team failed", thrown);
      }
    }

    /** What a thread of the team calls. An exception that left it would end the process. */
    @SuppressWarnings({"unused", "CatchAndPrintStackTrace"})
    private void share(MemorySegment nothing) {
      try {
        work.run();
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    }
  }
}
