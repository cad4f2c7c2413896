/** The C library's own functions, where Java has none. */
package io.github.yolox4j.ffi.libc;
