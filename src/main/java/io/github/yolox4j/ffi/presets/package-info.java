/** Loading the native libraries of the JavaCPP presets. */
package io.github.yolox4j.ffi.presets;
