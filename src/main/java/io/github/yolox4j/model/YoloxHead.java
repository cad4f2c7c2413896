package io.github.yolox4j.model;

import java.util.ArrayList;
import java.util.List;

/** The decoupled head: at each stride one branch for classes, one for boxes and objectness. */
final class YoloxHead {

  private final List<Module> classBranches = new ArrayList<>();
  private final List<Module> boxBranches = new ArrayList<>();
  private final List<Convolution> classPredictions = new ArrayList<>();
  private final List<Convolution> boxPredictions = new ArrayList<>();
  private final List<Convolution> objectnessPredictions = new ArrayList<>();
  private final List<Module> stems = new ArrayList<>();

  /** Declares the head on feature maps of so many channels. */
  YoloxHead(Key key, List<Integer> inputs) {
    int channels = key.spec().scaled(256);
    int classes = key.spec().classes();
    int levels = inputs.size();
    for (int i = 0; i < levels; i++) {
      classBranches.add(branch(key.child("cls_convs").child(i), channels));
    }
    for (int i = 0; i < levels; i++) {
      boxBranches.add(branch(key.child("reg_convs").child(i), channels));
    }
    for (int i = 0; i < levels; i++) {
      classPredictions.add(key.child("cls_preds").child(i).prediction(channels, classes));
    }
    for (int i = 0; i < levels; i++) {
      boxPredictions.add(key.child("reg_preds").child(i).prediction(channels, Prediction.BOX));
    }
    for (int i = 0; i < levels; i++) {
      objectnessPredictions.add(key.child("obj_preds").child(i).prediction(channels, 1));
    }
    for (int i = 0; i < levels; i++) {
      stems.add(new BaseConv(key.child("stems").child(i), inputs.get(i), channels, 1, 1));
    }
  }

  private static Module branch(Key key, int channels) {
    return new Sequential(
        Module.spatial(key.child(0), channels, channels, 1),
        Module.spatial(key.child(1), channels, channels, 1));
  }

  /** Applies the head to feature maps, finest first. */
  List<Prediction> forward(List<FeatureMap> features) {
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      FeatureMap stem = stems.get(i).forward(features.get(i));
      FeatureMap classes = classBranches.get(i).forward(stem).convolve(classPredictions.get(i));
      FeatureMap boxFeatures = boxBranches.get(i).forward(stem);
      FeatureMap boxes = boxFeatures.convolve(boxPredictions.get(i));
      FeatureMap objectness = boxFeatures.convolve(objectnessPredictions.get(i));
      predictions.add(
          new Prediction(
              stem.stride(),
              BoxCoding.ANCHOR_FREE,
              new Prediction.Size(stem.stride(), stem.stride()),
              Channels.of(boxes),
              Channels.of(objectness),
              Channels.of(classes)));
    }
    return predictions;
  }
}
