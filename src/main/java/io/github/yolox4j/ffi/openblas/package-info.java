/** OpenBLAS's threads, which its Java presets do not reach. */
package io.github.yolox4j.ffi.openblas;
