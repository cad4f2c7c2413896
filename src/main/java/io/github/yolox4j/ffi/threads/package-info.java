/** The threads of native libraries, which their Java presets do not reach. */
package io.github.yolox4j.ffi.threads;
