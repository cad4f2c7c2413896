package io.github.yolox4j.tensor;

import org.bytedeco.pytorch.global.torch_cuda;
import org.bytedeco.pytorch.global.torch_cuda.SyncDebugMode;

/**
 * Makes libtorch throw wherever the host would wait for a GPU, except within {@link Waiting}, in
 * the whole process until it is closed. It notices copies that wait and waiting for a stream, not
 * the taking of memory.
 */
public final class RefusedWaiting implements AutoCloseable {

  /** Begins. */
  public RefusedWaiting() {
    torch_cuda.warning_state().set_sync_debug_mode(SyncDebugMode.L_ERROR);
  }

  @Override
  public void close() {
    torch_cuda.warning_state().set_sync_debug_mode(SyncDebugMode.L_DISABLED);
  }
}
