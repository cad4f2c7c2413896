package io.github.yolox4j;

import io.github.yolox4j.tensor.ComputeDevice;
import org.junit.jupiter.api.Assumptions;

/** Where tests tagged {@code gpu} compute. */
public final class DeviceUnderTest {

  private static final String PROPERTY = "yolox4j.test.device";

  private DeviceUnderTest() {}

  /**
   * A GPU, without which the test is skipped; or the device of the property, without which it
   * fails.
   */
  public static ComputeDevice get() {
    String asked = System.getProperty(PROPERTY);
    if (asked != null) {
      return ComputeDevice.of(asked);
    }
    try {
      return ComputeDevice.of("cuda");
    } catch (YoloxException e) {
      return Assumptions.abort(e.getMessage());
    }
  }
}
