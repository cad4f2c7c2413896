/** Processes that train together: ranks, their common sums, and what happens when one is lost. */
package io.github.yolox4j.dist;
