package io.github.yolox4j.eval;

import java.util.List;

/**
 * The twelve numbers of the COCO metric, 0 to 1; -1 where there is no object to measure with.
 *
 * @param ap average precision, the mean over the IoU thresholds 0.5, 0.55, ... 0.95
 * @param ap50 at IoU 0.5
 * @param ap75 at IoU 0.75
 * @param apSmall of objects up to 32 by 32 pixels
 * @param apMedium of objects from 32 by 32 to 96 by 96 pixels
 * @param apLarge of objects from 96 by 96 pixels
 * @param ar1 average recall with one detection per image and category
 * @param ar10 average recall with ten detections per image and category
 * @param ar100 average recall with a hundred detections per image and category
 * @param arSmall with a hundred, of objects up to 32 by 32 pixels
 * @param arMedium with a hundred, of objects from 32 by 32 to 96 by 96 pixels
 * @param arLarge with a hundred, of objects from 96 by 96 pixels
 */
public record CocoMetrics(
    double ap,
    double ap50,
    double ap75,
    double apSmall,
    double apMedium,
    double apLarge,
    double ar1,
    double ar10,
    double ar100,
    double arSmall,
    double arMedium,
    double arLarge) {

  /** What the numbers are called, in the order of {@link #toArray}. */
  public static final List<String> NAMES =
      List.of(
          "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");

  /** {@return the twelve numbers in their usual order} */
  public double[] toArray() {
    return new double[] {
      ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge
    };
  }
}
