/** Files on disk: writing that never leaves a half-written file behind. */
package io.github.yolox4j.files;
