/**
 * The network as {@code torch::nn} modules, whose parameters carry the official state-dict names.
 *
 * <p>A {@code forward} returns a new tensor that belongs to the caller and to the innermost open
 * {@link io.github.yolox4j.tensor.Scope}; it frees its own intermediate results. Modules are not
 * changed by a forward pass in evaluation mode, so several threads may run one then.
 */
package io.github.yolox4j.nn;
