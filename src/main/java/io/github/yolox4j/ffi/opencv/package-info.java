/** What OpenCV's Java presets leave out, through {@code java.lang.foreign}. */
package io.github.yolox4j.ffi.opencv;
