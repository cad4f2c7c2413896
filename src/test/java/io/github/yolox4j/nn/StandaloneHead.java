package io.github.yolox4j.nn;

import io.github.yolox4j.model.Activation;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** The head without its backbone, as some of the reference's figures were made. */
public final class StandaloneHead {

  private final YoloxHead head;

  /**
   * Makes a head of width 0.25 in the innermost open scope.
   *
   * @param classes the number of classes
   * @param depthwise whether its convolutions are depthwise
   */
  public StandaloneHead(int classes, boolean depthwise) {
    head =
        new YoloxHead(
            classes, 64, new int[] {64, 128, 256}, new Style(Activation.SILU, depthwise, false));
  }

  /** Sets the biases of objectness and classes as a new head has them. */
  public void initialiseBiases() {
    head.initialiseBiases();
  }

  /**
   * Returns the module.
   *
   * @return the head, which owns its parameters
   */
  public Module module() {
    return head;
  }

  /**
   * Predicts.
   *
   * @param stride8 [B, 64, H, W]
   * @param stride16 [B, 128, H / 2, W / 2]
   * @param stride32 [B, 256, H / 4, W / 4]
   * @return the predictions in that order, owned by the caller
   */
  public List<LevelOutput> forward(Tensor stride8, Tensor stride16, Tensor stride32) {
    return head.forward(new Features(stride8, stride16, stride32));
  }
}
