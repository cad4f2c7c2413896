package io.github.yolox4j.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The activation function that follows every normalised convolution. */
public enum Activation {
  /** x * sigmoid(x). */
  @JsonProperty("silu")
  SILU,
  /** max(x, 0). */
  @JsonProperty("relu")
  RELU,
  /** x for positive x, else {@link #LEAKY_SLOPE} * x. */
  @JsonProperty("lrelu")
  LRELU;

  /** The slope of the leaky ReLU for negative inputs. */
  public static final double LEAKY_SLOPE = 0.1;
}
