package io.github.yolox4j.nn;

import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
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

  /**
   * Turns box values into pixels.
   *
   * @param flat [B, A, 5 + classes] as {@link #flatten} gives it
   * @param height the network's input height
   * @param width the network's input width
   * @return the same with (centre x, centre y, width, height) in input pixels; owned by the caller
   */
  public static Tensor decode(Tensor flat, int height, int width) {
    try (Tensor grid = grid(flat, height, width);
        Tensor corner = grid.narrow(1, 0, 2);
        Tensor stride = grid.narrow(1, 2, 1);
        Tensor offset = flat.narrow(2, 0, 2);
        Tensor logSize = flat.narrow(2, 2, 2);
        Tensor scores = flat.narrow(2, 4, flat.size(2) - 4);
        Tensor moved = offset.add(corner);
        Tensor centre = moved.mul(stride);
        Tensor relative = logSize.exp();
        Tensor size = relative.mul(stride);
        TensorVector parts = new TensorVector(centre, size, scores)) {
      return torch.cat(parts, 2);
    }
  }

  /** [A, 3]: column, row and stride of every anchor point, in the type of the predictions. */
  private static Tensor grid(Tensor like, int height, int width) {
    List<Tensor> levels = new ArrayList<>();
    try (TensorOptions options = like.options()) {
      for (int stride : Network.STRIDES) {
        try (Tensor rows = range(height / stride, options);
            Tensor columns = range(width / stride, options);
            TensorVector axes = new TensorVector(rows, columns);
            TensorVector mesh = torch.meshgrid(axes, "ij");
            Tensor row = mesh.get(0).flatten();
            Tensor column = mesh.get(1).flatten();
            Scalar value = new Scalar(stride);
            Tensor strides = torch.full_like(row, value);
            TensorVector triple = new TensorVector(column, row, strides)) {
          levels.add(torch.stack(triple, 1));
        }
      }
      try (TensorVector all = new TensorVector(levels.toArray(Tensor[]::new))) {
        return torch.cat(all, 0);
      }
    } finally {
      levels.forEach(Tensor::close);
    }
  }

  private static Tensor range(int end, TensorOptions options) {
    try (Scalar last = new Scalar(end)) {
      return torch.arange(last, options);
    }
  }
}
