package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.ElementType;

/**
 * How a plan computes.
 *
 * @param pictures the pictures' elements, bytes or floats
 * @param maps the elements of the maps between layers and of the weights, float or bfloat16
 * @param winograd whether {@link Winograd}'s method is used where it fits
 * @param threads the threads of a run, at least 1
 */
public record PlanOptions(ElementType pictures, ElementType maps, boolean winograd, int threads) {}
