/** YOLOX object detection on native libtorch. */
package io.github.yolox4j;
