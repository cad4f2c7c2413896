package io.github.yolox4j.eval;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.Heap;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The VOC metric. Boxes are inclusive: one from pixel 3 to pixel 5 is three pixels wide. By
 * descending score over all images, a detection belongs to the object of its image and category
 * that it overlaps most; where their IoU is above the threshold it is right if it is the object's
 * first, left out of account if the object is ignored (difficult), and wrong otherwise. Works on
 * all cores; the result is the same for any number of threads.
 */
public final class VocEvaluator {

  private static final double EPSILON = Math.ulp(1.0);

  private final Detections detections;
  private final GroundTruth truth;
  private final VocMetric metric;
  private final DetectionGroups groups;

  private VocEvaluator(Detections detections, VocMetric metric) {
    this.detections = detections;
    this.truth = detections.groundTruth();
    this.metric = metric;
    this.groups = new DetectionGroups(detections);
  }

  /**
   * Compares detections with their ground truth.
   *
   * @param detections the detections, in the coordinates of the ground truth; not changed
   * @param metric how a curve becomes a number
   * @return the average precisions
   * @throws YoloxException if the heap is too small for so many detections
   */
  public static VocResult evaluate(Detections detections, VocMetric metric) {
    return Heap.within(
        "The evaluation of %d detections".formatted(detections.size()),
        () -> new VocEvaluator(detections, metric).evaluate());
  }

  private VocResult evaluate() {
    int[] objects = detections.objects();
    return new VocResult(
        IntStream.range(0, objects.length)
            .parallel()
            .mapToObj(k -> category(k, objects[k]))
            .toList(),
        objects);
  }

  private double[] category(int category, int wanted) {
    double[] averagePrecision = new double[Thresholds.IOU_COUNT];
    if (wanted == 0) {
      Arrays.fill(averagePrecision, -1);
      return averagePrecision;
    }
    int start = groups.categoryStart(category);
    int[] places = IntStream.range(start, groups.categoryStart(category + 1)).toArray();
    ScoreOrder.sort(places, 0, places.length, groups.scores());
    int[] object = new int[places.length];
    double[] overlap = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      int detection = groups.detection(places[i]);
      BoundingBox box = detections.box(detection);
      object[i] = -1;
      for (int a = truth.firstAnnotation(detections.image(detection));
          a < truth.firstAnnotation(detections.image(detection) + 1);
          a++) {
        if (truth.category(a) == category) {
          double iou = iou(box, truth.box(a));
          if (object[i] < 0 || iou > overlap[i]) {
            object[i] = a;
            overlap[i] = iou;
          }
        }
      }
    }
    for (int t = 0; t < averagePrecision.length; t++) {
      averagePrecision[t] = averagePrecision(object, overlap, wanted, Thresholds.iou(t));
    }
    return averagePrecision;
  }

  private double averagePrecision(int[] object, double[] overlap, int wanted, double threshold) {
    boolean[] found = new boolean[truth.size()];
    double[] recall = new double[object.length];
    double[] precision = new double[object.length];
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < object.length; i++) {
      boolean matches = object[i] >= 0 && overlap[i] > threshold;
      if (!matches || (!truth.ignored(object[i]) && found[object[i]])) {
        wrong++;
      } else if (!truth.ignored(object[i])) {
        found[object[i]] = true;
        right++;
      }
      recall[i] = (double) right / wanted;
      precision[i] = right / Math.max(right + wrong, EPSILON);
    }
    return metric.averagePrecision(recall, precision);
  }

  private static double iou(BoundingBox a, BoundingBox b) {
    double width = Math.max(Math.min(a.right(), b.right()) - Math.max(a.x(), b.x()) + 1, 0);
    double height = Math.max(Math.min(a.bottom(), b.bottom()) - Math.max(a.y(), b.y()) + 1, 0);
    double intersection = width * height;
    return intersection / (area(a) + area(b) - intersection);
  }

  private static double area(BoundingBox box) {
    return (box.right() - box.x() + 1) * (box.bottom() - box.y() + 1);
  }
}
