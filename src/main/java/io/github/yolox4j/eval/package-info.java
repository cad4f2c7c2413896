/**
 * Evaluation of detections by the COCO and VOC metrics, on plain arrays: ground truth and
 * detections, their readers and writers, and the evaluators.
 */
package io.github.yolox4j.eval;
