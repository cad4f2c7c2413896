/** NVIDIA's driver, asked without any library of CUDA. */
package io.github.yolox4j.ffi.cuda;
