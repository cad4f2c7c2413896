/**
 * Data sets: images with the objects that people have marked in them, in COCO, Darknet, VOC and
 * YOLO layout.
 */
package io.github.yolox4j.data;
