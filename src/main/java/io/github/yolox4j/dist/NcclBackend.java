package io.github.yolox4j.dist;

import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/** Exchange between GPUs. Touches classes that only the build for CUDA can load. */
final class NcclBackend {

  private NcclBackend() {}

  static Backend make(Store store, RankEnvironment place, Duration patience) {
    try (ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
        Milliseconds timeout = new Milliseconds(patience.toMillis())) {
      options.timeout(timeout);
      return new ProcessGroupNCCL(store, place.rank(), place.size(), options);
    }
  }
}
