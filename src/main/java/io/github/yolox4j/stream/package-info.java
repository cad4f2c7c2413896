/**
 * From sources to detections to files: pictures, folders, patterns, videos, cameras and addresses
 * in; JSON, CSV, YOLO's text files, drawn pictures and videos out.
 */
package io.github.yolox4j.stream;
