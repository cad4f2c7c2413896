package io.github.yolox4j.nn;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;

/** Makes torch's convolution module with padding (kernel - 1) / 2. */
final class Conv2d {

  private Conv2d() {}

  static Conv2dImpl of(int inputs, int outputs, int kernel, int stride, int groups, boolean bias) {
    try (LongPointer side = new LongPointer(kernel, kernel);
        LongPointer step = new LongPointer(stride, stride);
        LongPointer border = new LongPointer((kernel - 1) / 2, (kernel - 1) / 2);
        Conv2dOptions options = new Conv2dOptions(inputs, outputs, side)) {
      options.stride().put(step);
      options.padding().put(border);
      options.groups().put(groups);
      options.bias().put(bias);
      return new Conv2dImpl(options);
    }
  }
}
