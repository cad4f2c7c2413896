package io.github.yolox4j.plan;

import io.github.yolox4j.YoloxException;

/** There is no plan of a network for a shape on this processor; another engine may run it. */
public final class UnsupportedPlanException extends YoloxException {

  private static final long serialVersionUID = 1;

  UnsupportedPlanException(YoloxException reason) {
    super(reason.getMessage(), reason);
  }
}
