/** Videos, cameras and streams as sequences of 8-bit BGR pictures, and MP4 files of them. */
package io.github.yolox4j.video;
