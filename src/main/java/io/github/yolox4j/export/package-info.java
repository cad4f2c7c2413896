/**
 * Models for other programs: ONNX and TorchScript, with decoding and suppression inside. The weight
 * formats that this program also reads are written by {@link io.github.yolox4j.weights}.
 */
package io.github.yolox4j.export;
