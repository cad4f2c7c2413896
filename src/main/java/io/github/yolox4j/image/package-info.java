/** Pictures in memory: decoding, letterboxing. 8-bit BGR, rows from the top. */
package io.github.yolox4j.image;
