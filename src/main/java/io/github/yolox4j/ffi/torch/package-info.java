/**
 * Libtorch through the stable part of its C functions: tensors without copies, any operator of the
 * dispatcher, fused convolutions. Needs no JavaCPP where a libtorch of its own is named by {@link
 * io.github.yolox4j.ffi.torch.TorchLibrary#FOLDER_PROPERTY}.
 */
package io.github.yolox4j.ffi.torch;
