package io.github.yolox4j.tensor;

/**
 * Marks where the host waits for a device on purpose, from {@link ComputeDevice#waiting} until it
 * is closed. Everywhere else the host only gives it work.
 */
public interface Waiting extends AutoCloseable {

  @Override
  void close();
}
