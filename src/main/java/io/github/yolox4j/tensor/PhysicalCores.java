package io.github.yolox4j.tensor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Counts processor cores: two hyper-threads of a core only slow each other's kernels down. */
final class PhysicalCores {

  private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");

  private PhysicalCores() {}

  /** The cores that this process may use; logical processors where the system does not tell. */
  static int count() {
    int logical = Runtime.getRuntime().availableProcessors();
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> processors = Files.newDirectoryStream(PROCESSORS, "cpu[0-9]*")) {
      for (Path processor : processors) {
        Path siblings = processor.resolve("topology/thread_siblings_list");
        if (Files.exists(siblings)) {
          cores.add(Files.readString(siblings));
        }
      }
    } catch (IOException e) {
      return logical;
    }
    return cores.isEmpty() ? logical : Math.min(cores.size(), logical);
  }
}
