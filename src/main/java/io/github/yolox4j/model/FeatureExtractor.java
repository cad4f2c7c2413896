package io.github.yolox4j.model;

import java.util.List;

/** A backbone, or a neck with its backbone: a picture to feature maps of rising stride. */
interface FeatureExtractor {

  /** Applies the extractor and returns its maps, finest first. */
  List<FeatureMap> forward(FeatureMap picture);

  /** The channels of the maps, finest first. */
  List<Integer> channels();
}
