/** How a model runs for inference. */
package io.github.yolox4j.engine;
