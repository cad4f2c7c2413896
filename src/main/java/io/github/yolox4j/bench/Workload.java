package io.github.yolox4j.bench;

/** What a device does in batches. For one thread; owns native memory until it is closed. */
interface Workload extends AutoCloseable {

  /** Prepares a batch of so many pictures; what is returned belongs to the caller. */
  Batch batch(int size);

  /** How many times in a row a batch is done at most where only the rate counts. */
  int runsAhead();

  /** How many times in a row a batch is done where so many would be long enough. */
  default int runs(double enough) {
    return Math.clamp((long) enough, 1, runsAhead());
  }

  @Override
  void close();

  /** A batch that can be done again and again. */
  interface Batch extends AutoCloseable {

    /** Does it so many times and waits for the last. */
    void run(int times);

    @Override
    void close();
  }
}
