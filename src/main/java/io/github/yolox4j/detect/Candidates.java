package io.github.yolox4j.detect;

import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.model.Arithmetic;
import java.util.Arrays;

/**
 * The anchor points of one picture whose score reaches the threshold, in primitive arrays: corners
 * in network input pixels, objectness, class confidence and class. In the order of the anchor
 * points.
 */
final class Candidates {

  /** Two probabilities can round to the same float when their logits are this close... */
  private static final float SAME_PROBABILITY = 0.01f;

  /** ...or both above this. */
  private static final float SATURATED_LOGIT = 12f;

  private int size;
  private float[] x1 = new float[64];
  private float[] y1 = new float[64];
  private float[] x2 = new float[64];
  private float[] y2 = new float[64];
  private float[] objectness = new float[64];
  private float[] classConfidence = new float[64];
  private int[] classId = new int[64];

  /**
   * Adds from a network's output. The objectness bounds the score, so the classes are read only
   * where it reaches the threshold.
   *
   * @param predictions the output
   * @param picture the picture's position in the batch
   * @param threshold the least score, 0 to 1
   */
  void select(Predictions predictions, int picture, float threshold) {
    predictions.visit(
        picture,
        logitBelow(threshold),
        (level, cell, logit, box, classes) -> {
          float objectness = Arithmetic.probability(logit);
          if (objectness >= threshold) {
            int best = highest(classes);
            float confidence = Arithmetic.probability(classes[best]);
            if (objectness * confidence >= threshold) {
              level.decode(cell, box);
              best = lowestEqual(classes, best, confidence);
              add(box[0], box[1], box[2], box[3], objectness, confidence, best);
            }
          }
        });
  }

  private static int highest(float[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      if (logits[c] > logits[best]) {
        best = c;
      }
    }
    return best;
  }

  /**
   * Maps boxes that were found in another view.
   *
   * @param from the first candidate to map
   * @param factor pixels of the plain view per pixel of the other
   * @param mirrorWidth the picture's width in the plain view where the other was mirrored, else 0
   */
  void mapFrom(int from, float factor, float mirrorWidth) {
    for (int i = from; i < size; i++) {
      x1[i] *= factor;
      y1[i] *= factor;
      x2[i] *= factor;
      y2[i] *= factor;
      if (mirrorWidth > 0) {
        float left = mirrorWidth - x2[i];
        x2[i] = mirrorWidth - x1[i];
        x1[i] = left;
      }
    }
  }

  /** The first class whose probability is the same float as the best one's. */
  private static int lowestEqual(float[] logits, int best, float confidence) {
    float near = Math.min(logits[best] - SAME_PROBABILITY, SATURATED_LOGIT);
    for (int c = 0; c < best; c++) {
      if (logits[c] >= near && Arithmetic.probability(logits[c]) == confidence) {
        return c;
      }
    }
    return best;
  }

  /** Adds a box by its centre and size, unless it is not finite. */
  void add(
      float cx, float cy, float width, float height, float object, float confidence, int category) {
    if (!Float.isFinite(cx + cy + width + height)) {
      return;
    }
    if (size == x1.length) {
      grow();
    }
    x1[size] = cx - width / 2;
    y1[size] = cy - height / 2;
    x2[size] = cx + width / 2;
    y2[size] = cy + height / 2;
    objectness[size] = object;
    classConfidence[size] = confidence;
    classId[size] = category;
    size++;
  }

  private void grow() {
    int capacity = 2 * size;
    x1 = Arrays.copyOf(x1, capacity);
    y1 = Arrays.copyOf(y1, capacity);
    x2 = Arrays.copyOf(x2, capacity);
    y2 = Arrays.copyOf(y2, capacity);
    objectness = Arrays.copyOf(objectness, capacity);
    classConfidence = Arrays.copyOf(classConfidence, capacity);
    classId = Arrays.copyOf(classId, capacity);
  }

  /** A logit below which no probability reaches the threshold, with room for rounding. */
  private static float logitBelow(float threshold) {
    if (threshold <= 0) {
      return Float.NEGATIVE_INFINITY;
    }
    double logit = Math.log(threshold / (1.0 - Math.min(threshold, 1 - 1e-9)));
    return (float) (logit - 0.01);
  }

  int size() {
    return size;
  }

  float x1(int i) {
    return x1[i];
  }

  float y1(int i) {
    return y1[i];
  }

  float x2(int i) {
    return x2[i];
  }

  float y2(int i) {
    return y2[i];
  }

  float objectness(int i) {
    return objectness[i];
  }

  float classConfidence(int i) {
    return classConfidence[i];
  }

  int classId(int i) {
    return classId[i];
  }

  float score(int i) {
    return objectness[i] * classConfidence[i];
  }

  /** Intersection over union of two boxes, without the +1 pixel. */
  float iou(int a, int b) {
    float width = Math.min(x2[a], x2[b]) - Math.max(x1[a], x1[b]);
    float height = Math.min(y2[a], y2[b]) - Math.max(y1[a], y1[b]);
    if (!(width > 0 && height > 0)) {
      return 0;
    }
    float intersection = width * height;
    return intersection / (area(a) + area(b) - intersection);
  }

  private float area(int i) {
    return (x2[i] - x1[i]) * (y2[i] - y1[i]);
  }
}
