package io.github.yolox4j.loss;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.AnchorGrid;
import java.util.Arrays;

/** SimOTA for one image. Pairs are numbered object * candidates + candidate. */
final class ImageSimOta {

  private static final int NOBODY = -1;

  private final SimOta settings;
  private final Labels labels;
  private final int firstObject;
  private final int objects;
  private final int[] candidates;
  private final CandidateScores scores;
  private final double[] centreX;
  private final double[] centreY;
  private final double[] radius;
  private double[] negative;
  private double[] ious;
  private int firstScore;
  private boolean othersCostMore;

  ImageSimOta(
      SimOta settings,
      AnchorGrid cells,
      Labels labels,
      int image,
      int[] candidates,
      CandidateScores scores) {
    this.settings = settings;
    this.labels = labels;
    this.firstObject = labels.first(image);
    this.objects = labels.count(image);
    this.candidates = candidates;
    this.scores = scores;
    int count = candidates.length;
    centreX = new double[count];
    centreY = new double[count];
    radius = new double[count];
    for (int c = 0; c < count; c++) {
      AnchorGrid.Level level = cells.level(candidates[c]);
      centreX[c] = level.x(level.column(candidates[c]));
      centreY[c] = level.y(level.row(candidates[c]));
      radius[c] = settings.radius() * level.prediction().stride();
    }
  }

  /** Assigns, the image's first candidate having a place among the batch's scores. */
  ImageAssignment assign(int firstScore) {
    this.firstScore = firstScore;
    int count = candidates.length;
    negative = new double[count];
    for (int c = 0; c < count; c++) {
      negative[c] = scores.negative(firstScore + c);
    }
    othersCostMore = othersCostMore();
    ious = new double[objects * count];
    int[] owner = new int[count];
    int[] claims = new int[count];
    Arrays.fill(owner, NOBODY);
    if (count > 0) {
      Cheapest cheapest = new Cheapest(CheapestPairs.MOST_POSITIVES);
      for (int object = 0; object < objects; object++) {
        overlaps(object);
        choose(object, positives(object), cheapest);
        for (int i = 0; i < cheapest.size(); i++) {
          owner[cheapest.get(i)] = object;
          claims[cheapest.get(i)]++;
        }
      }
    }
    for (int c = 0; c < count; c++) {
      if (claims[c] > 1) {
        owner[c] = cheapestObject(c);
      }
    }
    return positives(owner);
  }

  private void overlaps(int object) {
    int count = candidates.length;
    double width = labels.width(firstObject + object);
    double height = labels.height(firstObject + object);
    double left = labels.x(firstObject + object) - width / 2;
    double top = labels.y(firstObject + object) - height / 2;
    double right = left + width;
    double bottom = top + height;
    double area = width * height;
    for (int c = 0; c < count; c++) {
      double w = scores.width(firstScore + c);
      double h = scores.height(firstScore + c);
      double x = scores.x(firstScore + c) - w / 2;
      double y = scores.y(firstScore + c) - h / 2;
      double common =
          Math.max(Math.min(right, x + w) - Math.max(left, x), 0)
              * Math.max(Math.min(bottom, y + h) - Math.max(top, y), 0);
      ious[object * count + c] = common > 0 ? common / (area + w * h - common) : 0;
    }
  }

  /** How many anchor points an object gets. */
  private int positives(int object) {
    int count = candidates.length;
    double[] largest = new double[Math.min(CheapestPairs.MOST_POSITIVES, count)];
    for (int c = 0; c < count; c++) {
      double iou = ious[object * count + c];
      if (iou > largest[0]) {
        int place = 0;
        while (place + 1 < largest.length && largest[place + 1] < iou) {
          largest[place] = largest[place + 1];
          place++;
        }
        largest[place] = iou;
      }
    }
    double sum = 0;
    for (int i = largest.length - 1; i >= 0; i--) {
      sum += largest[i];
    }
    return Math.clamp((int) sum, 1, count);
  }

  /** The k cheapest candidates: preferred pairs as long as there are enough, then the others. */
  private void choose(int object, int k, Cheapest cheapest) {
    cheapest.clear(k);
    for (int c = 0; c < candidates.length; c++) {
      if (!othersCostMore || preferred(object, c)) {
        cheapest.offer(c, cost(object, c));
      }
    }
    if (othersCostMore && cheapest.size() < k) {
      for (int c = 0; c < candidates.length; c++) {
        if (!preferred(object, c)) {
          cheapest.offer(c, cost(object, c));
        }
      }
    }
  }

  /** Whether every pair that is not preferred costs more than every preferred one. */
  private boolean othersCostMore() {
    double most = 0;
    for (double cost : negative) {
      most = Math.max(most, cost);
    }
    // a class adds at most 100, a box at most 3 * -ln(1e-8)
    return most
            - SimOtaPart.LEAST_LOGARITHM
            - SimOtaPart.BOX_WEIGHT * Math.log(SimOtaPart.IOU_EPSILON)
        < settings.penalty();
  }

  private int cheapestObject(int candidate) {
    int best = NOBODY;
    double least = Double.POSITIVE_INFINITY;
    for (int object = 0; object < objects; object++) {
      double cost = cost(object, candidate);
      if (cost < least) {
        least = cost;
        best = object;
      }
    }
    return best;
  }

  private double cost(int object, int candidate) {
    double classCost =
        negative[candidate]
            + scores.positive(firstScore + candidate, labels.classId(firstObject + object));
    double boxCost =
        -Math.log(ious[object * candidates.length + candidate] + SimOtaPart.IOU_EPSILON);
    return classCost
        + SimOtaPart.BOX_WEIGHT * boxCost
        + (preferred(object, candidate) ? 0 : settings.penalty());
  }

  private boolean preferred(int object, int candidate) {
    double x = centreX[candidate];
    double y = centreY[candidate];
    double objectX = labels.x(firstObject + object);
    double objectY = labels.y(firstObject + object);
    boolean near = inside(x, y, objectX, objectY, radius[candidate], radius[candidate]);
    return near
        && (!settings.looksAtBoxes()
            || inside(
                x,
                y,
                objectX,
                objectY,
                labels.width(firstObject + object) / 2,
                labels.height(firstObject + object) / 2));
  }

  private static boolean inside(
      double x, double y, double centreX, double centreY, double halfWidth, double halfHeight) {
    return x > centreX - halfWidth
        && x < centreX + halfWidth
        && y > centreY - halfHeight
        && y < centreY + halfHeight;
  }

  private ImageAssignment positives(int[] owner) {
    int positives = 0;
    for (int object : owner) {
      positives += object == NOBODY ? 0 : 1;
    }
    int[] anchors = new int[positives];
    int[] objects = new int[positives];
    double[] overlaps = new double[positives];
    int next = 0;
    for (int c = 0; c < owner.length; c++) {
      if (owner[c] != NOBODY) {
        anchors[next] = candidates[c];
        objects[next] = owner[c];
        overlaps[next] = ious[owner[c] * owner.length + c];
        next++;
      }
    }
    return new ImageAssignment(anchors, objects, overlaps);
  }
}
