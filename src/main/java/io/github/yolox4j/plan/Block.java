package io.github.yolox4j.plan;

/**
 * A piece of memory for one feature map or for several whose channels lie side by side.
 *
 * @param id a number of its own
 * @param channels all channels
 * @param stride picture pixels per pixel of the map
 * @param prediction whether it holds what the network predicts: floats, kept to the end
 */
record Block(int id, int channels, int stride, boolean prediction) {}
