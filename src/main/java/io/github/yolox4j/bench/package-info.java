/** Measures how fast engines and training run on this machine, and what limits them. */
package io.github.yolox4j.bench;
