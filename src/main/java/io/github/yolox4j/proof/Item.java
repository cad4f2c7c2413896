package io.github.yolox4j.proof;

import java.util.function.Supplier;

/**
 * The smallest part of a proof that has a result of its own.
 *
 * @param name what it is about within its slice
 * @param work finds out
 */
record Item(String name, Supplier<Finding> work) {}
