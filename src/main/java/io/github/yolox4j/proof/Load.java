package io.github.yolox4j.proof;

/** Work of one kind for a device, at some batch. */
interface Load extends AutoCloseable {

  /** Does the work so many times and waits for the last. */
  void run(int times);

  @Override
  void close();

  /** Makes loads of one kind. */
  interface Kind {

    /** Prepares the work for a batch; what is returned belongs to the caller. */
    Load of(int batch);

    /** How many times in a row it is done at most where only the rate counts. */
    int timesAhead();

    /** How many times in a row it is done where so many would be long enough. */
    default int times(double enough) {
      return Math.clamp((long) enough, 1, timesAhead());
    }
  }
}
