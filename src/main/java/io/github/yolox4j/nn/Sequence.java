package io.github.yolox4j.nn;

import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * Blocks one after the other, registered as "0", "1", ... like torch's Sequential, which cannot
 * hold modules that are written in Java.
 */
final class Sequence extends Module implements Block {

  private final List<Block> blocks;

  Sequence(List<? extends Block> blocks) {
    this.blocks = List.copyOf(blocks);
    for (int i = 0; i < blocks.size(); i++) {
      register_module(Integer.toString(i), (Module) blocks.get(i));
    }
  }

  Sequence(Block... blocks) {
    this(List.of(blocks));
  }

  @Override
  public Tensor forward(Tensor x) {
    if (blocks.isEmpty()) {
      return new Tensor(x);
    }
    Tensor y = blocks.get(0).forward(x);
    for (Block block : blocks.subList(1, blocks.size())) {
      try (Tensor previous = y) {
        y = block.forward(previous);
      }
    }
    return y;
  }
}
