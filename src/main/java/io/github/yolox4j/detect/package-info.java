/** Detection on pictures and videos: sources, letterbox, suppression, drawing. */
package io.github.yolox4j.detect;
