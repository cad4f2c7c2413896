/**
 * Training data: pictures and boxes in, batches out. Samples are put together with YOLOX's mosaic,
 * affine warp, mixup, HSV shift and flip, on threads of their own and reproducibly.
 */
package io.github.yolox4j.augment;
