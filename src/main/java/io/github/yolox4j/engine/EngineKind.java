package io.github.yolox4j.engine;

import java.util.Locale;

/** How a network can run. */
public enum EngineKind {
  /** The fastest of the others that is possible here. */
  AUTO,
  /** {@link TorchEngine}: libtorch's modules, on any device. */
  TORCH,
  /** {@link FusedTorchEngine}: libtorch's fused convolutions, on the CPU. */
  TORCH_FUSED,
  /** {@link OneDnnEngine}: a plan of oneDNN primitives, on the CPU, without libtorch. */
  ONEDNN;

  /**
   * Returns the name that people type.
   *
   * @return for example {@code torch-fused}
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
