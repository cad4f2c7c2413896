/**
 * Shows that a device computes what it should, and how fast: checks against the reference's figures
 * and against the processor, and measurements, whose results are kept as they come.
 */
package io.github.yolox4j.proof;
