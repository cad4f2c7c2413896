package io.github.yolox4j.tensor;

import org.bytedeco.javacpp.Pointer;

/** A raw address as JavaCPP passes it; owns nothing. */
final class Address extends Pointer {

  Address(long address) {
    super((Pointer) null);
    this.address = address;
  }
}
