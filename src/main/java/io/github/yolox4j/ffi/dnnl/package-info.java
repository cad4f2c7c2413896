/** oneDNN's C functions through {@code java.lang.foreign}; no JNI. */
package io.github.yolox4j.ffi.dnnl;
