/**
 * Weight files as plain named arrays: PyTorch checkpoints, safetensors, ONNX initialisers. Needs no
 * libtorch. Files are untrusted: nothing in them is executed and sizes are checked before memory is
 * taken.
 */
package io.github.yolox4j.weights;
