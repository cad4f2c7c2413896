/**
 * What C and C++ programs call: a table of functions that {@code native-config/embed} turns into
 * {@code yolox.h}.
 */
package io.github.yolox4j.embed;
