package io.github.yolox4j.nn;

import io.github.yolox4j.model.Activation;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** The head without its backbone, as some of the reference's figures were made. */
public final class StandaloneHead {

  private final YoloxHead head;

  /** Makes a head of width 0.25 in the innermost open scope. */
  public StandaloneHead(int classes, boolean depthwise) {
    head =
        new YoloxHead(
            classes, 64, new int[] {64, 128, 256}, new Style(Activation.SILU, depthwise, false));
  }

  /** Sets the biases of objectness and classes as a new head has them. */
  public void initialiseBiases() {
    head.initialiseBiases();
  }

  public Module module() {
    return head;
  }

  public List<LevelOutput> forward(Tensor stride8, Tensor stride16, Tensor stride32) {
    return head.forward(new Features(stride8, stride16, stride32));
  }
}
