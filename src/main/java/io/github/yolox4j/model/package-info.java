/**
 * What a model is: its specification, its layers with their shapes, its parameters and operations.
 * Plain Java; needs no native library.
 */
package io.github.yolox4j.model;
