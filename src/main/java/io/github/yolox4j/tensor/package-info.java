/** Libtorch's tensors from Java: loading, scopes of native memory, bulk copies, precision. */
package io.github.yolox4j.tensor;
