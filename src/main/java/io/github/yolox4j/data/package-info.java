/**
 * Data sets: images with the objects that people have marked in them, in COCO, VOC and YOLO layout.
 */
package io.github.yolox4j.data;
