/**
 * What training minimises: grid decoding, SimOTA label assignment (arXiv 2107.08430, section 2.1)
 * and the losses, over libtorch tensors.
 */
package io.github.yolox4j.loss;
