package io.github.yolox4j.nn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Predictions as one tensor over all anchor points (the reference's {@code decode_outputs}). Anchor
 * points are ordered by stride (8, 16, 32), then row, then column: 8400 at 640x640.
 */
public final class Decoding {

  private Decoding() {}

  /**
   * Joins the levels; objectness and classes become probabilities.
   *
   * @param levels the network's output
   * @return [B, A, 5 + classes]: box values undecoded, objectness, classes; owned by the caller
   */
  public static Tensor flatten(List<LevelOutput> levels) {
    List<Tensor> parts = new ArrayList<>();
    try {
      for (LevelOutput level : levels) {
        try (Tensor objectness = level.objectness().sigmoid();
            Tensor classes = level.classes().sigmoid();
            TensorVector channels = new TensorVector(level.boxes(), objectness, classes);
            Tensor map = torch.cat(channels, 1);
            Tensor rows = map.flatten(2, 3)) {
          parts.add(rows.transpose(1, 2));
        }
      }
      try (TensorVector all = new TensorVector(parts.toArray(Tensor[]::new))) {
        return torch.cat(all, 1);
      }
    } finally {
      parts.forEach(Tensor::close);
    }
  }
}
